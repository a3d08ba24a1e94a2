"""The browser page: a Gradio application at `/`, over the engine that the routes use. No logic of its own.

`mount` puts it into the app, `build` puts it together, and each tab has a folder.
"""
