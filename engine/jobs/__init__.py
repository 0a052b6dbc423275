"""Independent jobs over any `concurrent.futures.Executor`: bytes in, bytes out, each in a process of its own.

    jobs -> crew (an executor and its hands) -> worker (keeps what it was sent) -> child (a process that works) -> bytes

A worker needs no disk that the others see: a job is files by name, and a worker is sent those that it lacks. What a job
is (a voice, a season, an adoption) nothing here knows.
"""
