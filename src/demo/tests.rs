use super::*;

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap().lines().count()
}

#[test]
fn an_hour_is_there_at_once_and_the_folder_goes_with_the_demo() {
    let demo = Demo::start().unwrap();
    let names = demo
        .paths()
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["web.log", "api.log", "worker.log", "deploy.log"]
    );
    let total: usize = demo.paths().iter().map(|path| lines(path)).sum();
    assert!((2000..10_000).contains(&total), "{total} lines");
    let folder = demo.paths()[0].parent().unwrap().to_path_buf();
    drop(demo);
    assert!(!folder.exists());
}

#[test]
fn a_large_log_is_rotated_and_only_one_older_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut logs = Logs::create(folder.path(), 20).unwrap();
    for number in 1..=7 {
        logs.append(&[(Log::Web, format!("line number {number}"))])
            .unwrap();
    }
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("web.log.1"), "line number 5\nline number 6\n");
    assert_eq!(read("web.log"), "line number 7\n");
    assert_eq!(read("api.log"), "");
    assert!(!folder.path().join("api.log.1").exists());
}
