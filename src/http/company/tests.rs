use super::*;

const MILLISECOND: Duration = Duration::from_millis(1);

/// A view of so many readers, for which two lines came 10 ms apart; how long the second waits.
async fn busy(crowd: &Arc<Crowd>, readers: usize) -> (Company, Duration) {
    let mut company = Company::new(crowd);
    company.time_for(readers);
    tokio::time::advance(10 * MILLISECOND).await;
    let time = company.time_for(readers);
    (company, time)
}

#[tokio::test(start_paused = true)]
async fn a_first_line_waits_for_none() {
    let mut company = Company::new(&Arc::default());
    assert_eq!(company.time_for(100_000), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn lines_that_follow_closely_wait_for_each_other_the_longer_the_more_readers_there_are() {
    for (readers, milliseconds) in [
        (1, 0),
        (49, 0),
        (500, 0),
        (501, 10),
        (1_000, 20),
        (10_000, 200),
    ] {
        let (_company, time) = busy(&Arc::default(), readers).await;
        assert_eq!(time.as_millis(), milliseconds, "{readers} readers");
    }
}

#[tokio::test(start_paused = true)]
async fn lines_further_apart_than_they_would_wait_do_not() {
    let (mut company, _) = busy(&Arc::default(), 1_000).await;
    company.note(false);
    tokio::time::advance(21 * MILLISECOND).await;
    assert_eq!(company.time_for(1_000), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn lines_that_others_have_joined_are_followed_by_lines_that_wait() {
    let (mut company, _) = busy(&Arc::default(), 1_000).await;
    company.note(true);
    tokio::time::advance(30 * MILLISECOND).await;
    assert_eq!(company.time_for(1_000), 20 * MILLISECOND);
}

#[tokio::test(start_paused = true)]
async fn few_readers_wait_as_long_as_all_do_who_are_served_at_the_same_time() {
    let crowd = Arc::default();
    let mut companies: Vec<Company> = (0..100).map(|_| Company::new(&crowd)).collect();
    let mut longest = Duration::ZERO;
    for _ in 0..3 {
        tokio::time::advance(10 * MILLISECOND).await;
        let times = companies.iter_mut().map(|company| company.time_for(10));
        longest = times.max().unwrap();
    }
    assert_eq!(longest, 20 * MILLISECOND);
}

#[tokio::test(start_paused = true)]
async fn readers_to_whom_nothing_comes_delay_nobody() {
    let crowd = Arc::default();
    let (mut silent, _) = busy(&crowd, 1_000).await;
    let (mut lone, time) = busy(&crowd, 1).await;
    assert_eq!(time, WAKE_COST * 1_001);
    silent.wait(tokio::time::sleep(LULL)).await;
    lone.note(true);
    assert_eq!(lone.time_for(1), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn readers_that_leave_delay_nobody() {
    let crowd = Arc::default();
    drop(busy(&crowd, 1_000).await);
    let (mut lone, _) = busy(&crowd, 1).await;
    lone.note(true);
    assert_eq!(lone.time_for(1), Duration::ZERO);
}
