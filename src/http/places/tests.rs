use crate::http::places::Place;
use crate::http::places::Places;

#[test]
fn so_many_places_are_taken_and_given_back() {
    let places = Places::new(8);
    let taken: Vec<Place> = (0..8).filter_map(|_| Place::take(&places)).collect();
    assert_eq!((taken.len(), places.taken()), (8, 8));
    assert!(Place::take(&places).is_none());
    assert_eq!(places.taken(), 8);
    drop(taken);
    assert!(Place::take(&places).is_some());
    assert_eq!(places.taken(), 0);
}
