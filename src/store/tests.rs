use std::path::Path;
use std::sync::Arc;

use crate::store::Store;
use crate::store::chain::Named;
use crate::store::chain::Source;
use crate::store::neighbours;

impl Store {
    /// A source that is called as its file and was named by the user.
    pub(crate) fn add(&self, path: &Path) -> Arc<Source> {
        self.add_source(Named {
            name: neighbours::display_name(path),
            path: path.to_owned(),
            is_named: true,
        })
    }

    /// The same, found by a pattern.
    pub(crate) fn add_found(&self, path: &Path) -> Arc<Source> {
        self.add_source(Named {
            name: neighbours::display_name(path),
            path: path.to_owned(),
            is_named: false,
        })
    }
}
