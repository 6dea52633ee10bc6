use crate::config::BLOCKS_AHEAD_MAX;
use crate::store::room::Room;

#[test]
fn room_is_bounded_and_comes_back_with_the_last_clone() {
    let room = Room::default();
    let mut taken: Vec<_> = (0..BLOCKS_AHEAD_MAX).map_while(|_| room.take()).collect();
    assert_eq!(taken.len(), BLOCKS_AHEAD_MAX);
    assert!(room.clone().take().is_none());
    let clone = taken.last().cloned();
    taken.pop();
    assert!(room.take().is_none());
    drop(clone);
    assert!(room.take().is_some());
}
