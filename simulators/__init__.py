"""Stand-ins for the systems of others, each a process of its own that knows docs/integrations/ and not the platform."""

# They are for development, demonstrations and tests: their data is made up, every answer carries `X-Simulator: true`,
# and a platform in production refuses it.
#
# Another system is one more module here, named as its field in config.py is (OUTSIDE): a subclass of `Simulator`
# (server.py) with `title` and `answer`, its data in a JSON file beside it, and `main(…)` at the end, as in
# central_registry.py. run.py finds it by its name, gives it a port and a fresh secret, and tells the platform of both.
