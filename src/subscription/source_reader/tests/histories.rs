//! Histories that went wrong once.

use crate::subscription::source_reader::tests::Action::Append;
use crate::subscription::source_reader::tests::Action::Begin;
use crate::subscription::source_reader::tests::Action::BeginCopy;
use crate::subscription::source_reader::tests::Action::CopyTruncate;
use crate::subscription::source_reader::tests::Action::CopyTruncateHole;
use crate::subscription::source_reader::tests::Action::Cut;
use crate::subscription::source_reader::tests::Action::Delete;
use crate::subscription::source_reader::tests::Action::DropOldest;
use crate::subscription::source_reader::tests::Action::Forget;
use crate::subscription::source_reader::tests::Action::Late;
use crate::subscription::source_reader::tests::Action::LateBegin;
use crate::subscription::source_reader::tests::Action::Look;
use crate::subscription::source_reader::tests::Action::LossyTruncate;
use crate::subscription::source_reader::tests::Action::Pack;
use crate::subscription::source_reader::tests::Action::Refill;
use crate::subscription::source_reader::tests::Action::Restart;
use crate::subscription::source_reader::tests::Action::Rotate;
use crate::subscription::source_reader::tests::Action::Switch;
use crate::subscription::source_reader::tests::Action::Take;
use crate::subscription::source_reader::tests::Action::Wait;
use crate::subscription::source_reader::tests::check;
use crate::subscription::source_reader::tests::check_with;
use crate::subscription::tests::files::Files;

#[test]
fn lines_of_a_file_that_only_holds_an_unfinished_one_are_given() {
    check(&[Append(1), Rotate, Begin, Rotate, Append(1), Restart]);
    check(&[Rotate, LateBegin, Append(3), Look, Take(2), Restart]);
    let two = [
        Rotate,
        Late,
        Begin,
        Rotate,
        Begin,
        Rotate,
        Append(2),
        Look,
        Take(4),
        Cut,
    ];
    check(&two);
    let that_was_there_before_the_server = [
        Delete,
        Begin,
        Restart,
        Rotate,
        Append(1),
        CopyTruncate,
        Pack,
        Append(1),
    ];
    check(&that_was_there_before_the_server);
}

#[test]
fn an_empty_file_that_was_renamed_is_no_gap() {
    check(&[Rotate, Restart]);
}

#[test]
fn a_file_that_came_and_was_renamed_while_there_was_none_is_read() {
    check(&[Append(1), Rotate, Restart, Take(1), Append(1), Rotate]);
    check(&[Rotate, Restart, Append(1), Rotate, Take(1), Late]);
}

#[test]
fn a_place_at_the_beginning_of_a_file_is_not_one_in_what_the_file_holds_later() {
    check(&[
        Rotate,
        Append(1),
        Refill(1),
        Restart,
        Take(1),
        CopyTruncate,
        Append(1),
    ]);
    check(&[Rotate, Append(1), Look, Take(2), Refill(0), Cut, Rotate]);
}

#[test]
fn a_place_in_an_empty_file_is_not_one_in_what_the_file_holds_later() {
    check(&[Append(1), Look, Forget, Cut, CopyTruncate, Append(1)]);
    check(&[Append(1), Look, Cut, Refill(0), Append(1)]);
    check(&[Append(1), Look, CopyTruncate, Restart]);
    check(&[
        Append(1),
        Look,
        Take(2),
        CopyTruncate,
        Look,
        Take(2),
        Wait,
        Take(2),
        Cut,
    ]);
}

#[test]
fn the_unfinished_line_of_a_renamed_file_is_given_once() {
    let history = [
        Rotate,
        LateBegin,
        Begin,
        Look,
        Begin,
        Take(1),
        Wait,
        Append(1),
        Take(2),
        Take(1),
        Cut,
    ];
    check(&history);
}

#[test]
fn a_file_that_was_compressed_before_anybody_looked_is_given() {
    check(&[Rotate, Append(1), Rotate, Pack, Pack, Take(1)]);
    check(&[Rotate, Restart, Pack, Take(1)]);
    check(&[Rotate, Append(1), Rotate, Restart]);
}

#[test]
fn a_copy_that_was_made_before_anybody_looked_is_given() {
    check(&[Append(1), CopyTruncate]);
    check(&[Append(1), CopyTruncateHole(1), CopyTruncate, Pack]);
    check(&[Append(1), BeginCopy(0), Rotate]);
    let known_when_it_was_empty = [
        BeginCopy(0),
        Restart,
        Take(1),
        Append(1),
        CopyTruncate,
        Append(2),
    ];
    check(&known_when_it_was_empty);
}

#[test]
fn a_copy_is_found_that_was_begun_before_anything_was_written() {
    check(&[
        CopyTruncateHole(0),
        BeginCopy(0),
        Wait,
        Append(2),
        Take(1),
        CopyTruncate,
    ]);
}

#[test]
fn an_empty_file_that_is_gone_is_not_what_is_left_of_the_next_one() {
    let history = [
        Delete,
        Append(1),
        BeginCopy(0),
        Append(1),
        Look,
        Take(2),
        Delete,
        Pack,
        Restart,
    ];
    check(&history);
}

#[test]
fn an_empty_file_is_no_copy_when_another_was_rotated_after_it() {
    let history = [
        Rotate,
        Append(1),
        Refill(0),
        Rotate,
        Append(1),
        BeginCopy(0),
        Look,
        Late,
    ];
    check(&history);
}

#[test]
fn a_copy_in_the_making_is_not_given_beside_what_it_is_made_of() {
    let older_than_the_server = [Begin, BeginCopy(2), Restart, Append(1), Look, BeginCopy(0)];
    check(&older_than_the_server);
    check(&[Rotate, Append(1), BeginCopy(1), Append(1)]);
    check(&[Rotate, Append(1), BeginCopy(0), Look, Rotate]);
    let linked_before_it_was_seen = [Cut, Refill(1), BeginCopy(0), Rotate, Take(1), Append(1)];
    check(&linked_before_it_was_seen);
    check(&[Begin, BeginCopy(1), Restart, Append(1)]);
}

#[test]
fn places_in_files_without_a_whole_line_are_told_apart() {
    let behind_a_link = [
        Switch,
        Late,
        Begin,
        Look,
        Switch,
        Look,
        Take(3),
        Wait,
        Switch,
        Look,
        Take(2),
        Cut,
    ];
    check_with(Files::linked(), &behind_a_link);
    let that_was_compressed = [
        Begin,
        CopyTruncate,
        Append(1),
        Rotate,
        Look,
        DropOldest,
        Take(2),
        Restart,
        Pack,
    ];
    check(&that_was_compressed);
    let behind_one_that_was_compressed = [
        Rotate,
        Restart,
        Pack,
        Begin,
        Rotate,
        Append(1),
        Look,
        Take(2),
        Cut,
    ];
    check(&behind_one_that_was_compressed);
}

#[test]
fn the_rest_of_a_file_is_given_from_its_copy_that_was_compressed() {
    check(&[Append(1), Look, Append(1), CopyTruncate, Pack]);
}

#[test]
fn a_place_behind_a_hole_is_not_one_in_what_the_file_holds_later() {
    let refilled_to_the_same_length = [
        Append(2),
        CopyTruncateHole(1),
        Restart,
        Take(1),
        CopyTruncate,
        Append(1),
        BeginCopy(0),
        Append(2),
        Take(2),
    ];
    check(&refilled_to_the_same_length);
}

#[test]
fn a_copy_that_was_cut_short_is_the_file_it_was_made_of() {
    let known_when_it_was_begun = [
        Append(2),
        BeginCopy(1),
        Append(1),
        Restart,
        LossyTruncate,
        Take(2),
        Restart,
    ];
    check(&known_when_it_was_begun);
    let and_renamed_then = [
        Delete,
        Append(1),
        BeginCopy(2),
        Append(1),
        Restart,
        Rotate,
        Take(3),
        Restart,
    ];
    check(&and_renamed_then);
    let of_an_unfinished_line = [Begin, BeginCopy(2), Restart, Delete, Take(1), DropOldest];
    check(&of_an_unfinished_line);
}

#[test]
fn a_file_that_was_written_anew_is_not_taken_for_its_copy_that_is_gone() {
    check(&[Begin, CopyTruncate, Look, Wait, DropOldest, Forget]);
    let behind_a_hole = [
        Append(1),
        CopyTruncateHole(1),
        Look,
        Append(1),
        Wait,
        Forget,
        DropOldest,
    ];
    check(&behind_a_hole);
}

#[test]
fn a_place_in_an_empty_file_is_older_than_what_was_given_after_it() {
    let both_without_a_line = [
        Rotate,
        Append(1),
        Cut,
        Append(1),
        Look,
        BeginCopy(0),
        Delete,
        Pack,
        Take(3),
        DropOldest,
        Restart,
    ];
    check(&both_without_a_line);
    let that_was_compressed = [
        Delete,
        Cut,
        Append(1),
        Look,
        CopyTruncate,
        Pack,
        Append(2),
        Take(3),
        Restart,
    ];
    check(&that_was_compressed);
}

#[test]
fn a_copy_of_a_file_that_was_renamed_and_compressed_then_is_given() {
    check(&[
        BeginCopy(0),
        Refill(1),
        CopyTruncateHole(1),
        Rotate,
        Pack,
        Look,
        Take(1),
        Restart,
    ]);
}
