//! The door: parse, start, exit code.

use std::process::ExitCode;

use logstream::cli::Cli;
use logstream::config::Config;
use logstream::diagnostics;

fn main() -> ExitCode {
    let cli = Cli::from_command_line();
    let _messages = diagnostics::start(cli.quiet);
    match Config::new(cli).and_then(logstream::start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            diagnostics::report(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
