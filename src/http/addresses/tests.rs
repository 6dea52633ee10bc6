use super::*;

fn addresses(listened: &[&str]) -> Addresses {
    Addresses {
        listened: listened.iter().map(|text| text.parse().unwrap()).collect(),
        files: Vec::new(),
        public_url: None,
        scheme: "http",
        prefix: Prefix::default(),
    }
}

#[test]
fn loopback_is_for_this_machine_only() {
    let addresses = addresses(&["127.0.0.1:5647", "[::1]:5647"]);
    assert_eq!(addresses.here().unwrap(), "http://localhost:5647/");
    assert_eq!(addresses.elsewhere(), [""; 0]);
    assert!(addresses.are_local() && !addresses.are_readable_on_the_way());
}

#[test]
fn an_address_of_its_own_is_for_all() {
    let addresses = addresses(&["192.0.2.1:80", "[2001:db8::1]:81"]);
    assert_eq!(addresses.here().unwrap(), "http://192.0.2.1:80/");
    assert_eq!(
        addresses.elsewhere(),
        ["http://192.0.2.1:80/", "http://[2001:db8::1]:81/"]
    );
    assert!(!addresses.are_local() && addresses.are_readable_on_the_way());
}

#[test]
fn every_address_is_named_one_by_one() {
    let addresses = addresses(&["0.0.0.0:80", "[::]:80"]);
    assert_eq!(addresses.here().unwrap(), "http://localhost:80/");
    for link in addresses.elsewhere() {
        assert!(link.ends_with(":80/"), "{link}");
        assert!(!link.contains("0.0.0.0") && !link.contains("[::]") && !link.contains("127.0.0"));
        assert!(!link.contains("[fe80"), "{link}");
    }
}

#[test]
fn the_public_address_comes_first() {
    let mut addresses = addresses(&["127.0.0.1:5647"]);
    addresses.public_url = Some(Url::parse("https://logs.example/app/").unwrap());
    assert_eq!(addresses.elsewhere(), ["https://logs.example/app/"]);
    assert!(addresses.are_local());
}

#[test]
fn a_socket_in_the_file_system_has_no_url() {
    let mut addresses = addresses(&[]);
    addresses.files = vec!["/run/l.sock".into()];
    assert_eq!(addresses.here(), None);
    assert_eq!(addresses.files().collect::<Vec<_>>(), ["unix:/run/l.sock"]);
}
