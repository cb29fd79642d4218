"""The Textual app: screens, pages, dialogs and widgets."""
