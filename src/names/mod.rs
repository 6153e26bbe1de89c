//! Placeholder; see DESIGN.
