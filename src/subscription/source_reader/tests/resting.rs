//! Histories that went wrong once, of files at rest and of servers that come after them.

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
use crate::subscription::source_reader::tests::Action::Pack;
use crate::subscription::source_reader::tests::Action::Refill;
use crate::subscription::source_reader::tests::Action::Rest;
use crate::subscription::source_reader::tests::Action::Restart;
use crate::subscription::source_reader::tests::Action::Rotate;
use crate::subscription::source_reader::tests::Action::Switch;
use crate::subscription::source_reader::tests::Action::Take;
use crate::subscription::source_reader::tests::Action::Wait;
use crate::subscription::source_reader::tests::check;
use crate::subscription::source_reader::tests::check_with;
use crate::subscription::tests::files::Files;

#[test]
fn a_file_that_was_closed_while_it_was_at_rest_is_found_again() {
    check(&[Append(1), Rest, Append(1), Rotate, Append(1)]);
    check(&[
        Append(1),
        Rest,
        Append(1),
        Rotate,
        Rotate,
        Append(1),
        Take(2),
    ]);
    check(&[
        Append(1),
        Rest,
        Refill(2),
        Take(2),
        Rest,
        CopyTruncate,
        Append(1),
    ]);
    check(&[Rotate, Pack, Rest]);
    check(&[Rest, Rotate, Pack]);
    check(&[Begin, Rest, Append(1), Delete]);
    check(&[Begin, Rest, Rotate, DropOldest, Late]);
    check(&[Refill(1), Rest, CopyTruncateHole(1), Delete, Append(2)]);
    check(&[Append(1), Rest, Delete, Take(1), Cut]);
    check(&[Rotate, LateBegin, Cut, Rest, Late, Pack]);
    check(&[
        Append(1),
        Rest,
        BeginCopy(0),
        Delete,
        Append(1),
        Look,
        Delete,
    ]);
    check(&[Delete, Begin, Look, Wait, Rest, Append(1), Rotate, Pack]);
    check_with(
        Files::linked(),
        &[Append(1), Look, Take(1), Cut, Rest, Switch],
    );
}

#[test]
fn a_file_at_rest_is_found_where_it_was_when_its_link_is_pointed_elsewhere() {
    let links = [
        &[Append(1), Look, Take(1), Append(1), Rest, Cut, Switch][..],
        &[
            Append(1),
            Look,
            Append(1),
            Rest,
            Take(1),
            Cut,
            Switch,
            Forget,
        ],
    ];
    for actions in links {
        check_with(Files::linked(), &[actions, &[Take(1)]].concat());
    }
}

#[test]
fn a_place_in_a_file_at_rest_that_is_gone_is_not_lost() {
    check(&[
        Append(1),
        Look,
        Take(1),
        Append(1),
        Rest,
        Cut,
        Delete,
        Take(1),
    ]);
    check(&[
        Append(1),
        Look,
        Append(1),
        Rest,
        Take(1),
        Cut,
        Delete,
        Forget,
        Take(1),
    ]);
}

#[test]
fn who_writes_into_a_renamed_file_is_heard_by_another_server() {
    check(&[Append(1), Rotate, Look, Take(2), Restart, Late]);
    check(&[
        Append(1),
        Rotate,
        Restart,
        LateBegin,
        Take(2),
        Late,
        Cut,
        Restart,
        Late,
    ]);
}

#[test]
fn the_unfinished_line_of_a_renamed_file_is_not_given_by_another_server_again() {
    check(&[
        Begin,
        CopyTruncate,
        Restart,
        Take(1),
        Delete,
        Restart,
        Take(1),
    ]);
}
