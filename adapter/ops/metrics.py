"""Every metric of the service, declared in one place.

Labels have few values: a unit, a kind, an outcome, a code. Nothing here tells of a single person. A `Metrics` has a
registry of its own, so that a process can hold more than one service (tests do).
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The service's metrics and their registry."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        # Called before each exposition: for gauges that are cheaper to read off than to keep up to date.
        self.before_scrape: list[Callable[[], None]] = []
        self.events = Counter(
            "iplos_events",
            "Events read from the bus, by type, outcome and code; every offset is counted in exactly one outcome.",
            ("type", "outcome", "code"),
            registry=registry,
        )
        self.repairs = Counter(
            "iplos_event_repairs",
            "Loosely written fields that were put right on the way in, by kind of repair.",
            ("repair",),
            registry=registry,
        )
        self.conflicts = Counter(
            "iplos_version_conflicts",
            "Events with a version already held but another content; a fixed rule chose between them.",
            registry=registry,
        )
        self.batch_seconds = Histogram(
            "iplos_ingest_batch_seconds",
            "Time from reading a batch of one partition to its committed transaction.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.last_batch = Gauge(
            "iplos_ingest_last_batch_timestamp_seconds",
            "When this process last committed a batch of events, in seconds since 1970.",
            registry=registry,
        )
        self.batch_failures = Counter(
            "iplos_ingest_batch_failures",
            "Batches whose transaction failed; the partition is opened anew and the events are read again.",
            registry=registry,
        )
        self.lag = Gauge(
            "iplos_ingest_lag_events",
            "Events on the bus that are not yet in the state, by partition of this process.",
            ("partition",),
            registry=registry,
        )
        self.partitions = Gauge(
            "iplos_ingest_partitions",
            "Partitions of the bus that this process works on, by stage (restoring or running).",
            ("stage",),
            registry=registry,
        )
        self.bus_partitions = Gauge(
            "iplos_bus_partitions",
            "Partitions the bus has in all, this process's and others'.",
            registry=registry,
        )
        self.restore_progress = Gauge(
            "iplos_restore_progress_ratio",
            "How much of its partitions' state this process has read back, from 0 to 1.",
            registry=registry,
        )
        self.restore_seconds = Gauge(
            "iplos_restore_seconds",
            "How long the last restore of a partition took.",
            registry=registry,
        )
        self.persons = Gauge(
            "iplos_state_persons",
            "Persons in this process's part of the state, by registering unit; a person may be in several.",
            ("unit",),
            registry=registry,
        )
        self.records = Gauge(
            "iplos_state_records",
            "Records that hold in this process's part of the state, by registering unit.",
            ("unit",),
            registry=registry,
        )
        self.sealed_persons = Gauge(
            "iplos_state_sealed_persons",
            "Persons in this process's part of the state whose identity is sealed with this key.",
            ("key",),
            registry=registry,
        )
        self.key_active = Gauge(
            "iplos_sealing_key_active",
            "1 for the key that this process seals with, 0 for those in its key file that it only opens with.",
            ("key",),
            registry=registry,
        )
        self.key_created = Gauge(
            "iplos_sealing_key_created_timestamp_seconds",
            "When a key of the key file was made, in seconds since 1970; keys without a date are left out.",
            ("key",),
            registry=registry,
        )
        self.key_file_broken = Gauge(
            "iplos_sealing_key_file_broken",
            "1 for a key file that cannot be used as it is now: the keys that were read before go on.",
            registry=registry,
        )
        self.report_stage = Gauge(
            "iplos_report_stage",
            "1 for the stage the running report is in (venter, leser, bygger, sender), else 0.",
            ("stage",),
            registry=registry,
        )
        self.report_seconds = Histogram(
            "iplos_report_seconds",
            "How long a whole report took, from command to the last commit.",
            buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600),
            registry=registry,
        )
        self.runs = Counter(
            "iplos_report_runs",
            "Runs that ended, by unit and status.",
            ("unit", "status"),
            registry=registry,
        )
        self.message_bytes = Gauge(
            "iplos_report_message_bytes",
            "Size of the last message that was built, by unit and message type.",
            ("unit", "message"),
            registry=registry,
        )
        self.last_success = Gauge(
            "iplos_report_last_success_timestamp_seconds",
            "When a run of this unit was last sent, in seconds since 1970.",
            ("unit",),
            registry=registry,
        )
        self.findings = Counter(
            "iplos_report_findings",
            "Findings of the runs that were built, by rule.",
            ("rule",),
            registry=registry,
        )

        self.receipts = Counter(
            "iplos_receipts",
            "Receipts taken from the bus, by what became of them and the status they told.",
            ("taken", "status"),
            registry=registry,
        )
        self.run_states = Gauge(
            "iplos_report_run_state",
            "1 for the state the unit's newest sent run is in (sendt, kvittert, kvittert-med-feil, avvist, ubesvart).",
            ("unit", "state"),
            registry=registry,
        )
        self.round_deadline = Gauge(
            "iplos_round_deadline_timestamp_seconds",
            "When the window for the year's report closes, in seconds since 1970; there while the round is on.",
            ("year",),
            registry=registry,
        )
        self.round_emission = Gauge(
            "iplos_round_emission",
            "1 for how the year's ordinary runs go out from here (ingen, test, produksjon).",
            ("year", "emission"),
            registry=registry,
        )
        self.round_unit_state = Gauge(
            "iplos_round_unit_state",
            "1 for how the unit's round stands (ikke-sendt, under-arbeid, nektet, feilet, sendt, kvittert, "
            "kvittert-med-feil, avvist, ubesvart).",
            ("unit", "year", "state"),
            registry=registry,
        )
        self.round_ordinary_runs = Gauge(
            "iplos_round_ordinary_runs",
            "Ordinary runs of the unit that are out; the calendar asks for one.",
            ("unit", "year"),
            registry=registry,
        )
        self.round_answer_due = Gauge(
            "iplos_round_answer_due_timestamp_seconds",
            "When the receipts of the unit's newest run are due, in seconds since 1970; there while one is missing.",
            ("unit", "year"),
            registry=registry,
        )
        self.round_message_findings = Gauge(
            "iplos_round_message_findings",
            "Findings about the message as a whole when the unit was last built, a dry run included, by rule.",
            ("unit", "year", "rule"),
            registry=registry,
        )
        self.round_blocking_findings = Gauge(
            "iplos_round_blocking_findings",
            "Findings that stop the unit's message, from when it was last built, a dry run included, by rule.",
            ("unit", "year", "rule"),
            registry=registry,
        )
        self.open_findings = Gauge(
            "iplos_findings_open",
            "Findings that are open in this process's part of the state, by unit, rule and severity.",
            ("unit", "rule", "severity"),
            registry=registry,
        )
        self.findings_waiting = Gauge(
            "iplos_findings_waiting_persons",
            "Persons that changed and are not yet judged again.",
            registry=registry,
        )
        self.ready = Gauge(
            "iplos_ready",
            "1 for a process that is ready (what /health/ready answers), else 0.",
            registry=registry,
        )
        self.tick = Gauge(
            "iplos_leader_tick_timestamp_seconds",
            "When this process last did the leader's periodic work to its end, in seconds since 1970.",
            registry=registry,
        )
        self.access_problem = Gauge(
            "iplos_kafka_access_problem",
            "1 for what keeps this process out of Kafka, or some of its accesses from it; absent when all is open.",
            ("problem",),
            registry=registry,
        )
        self.certificate_expiry = Gauge(
            "iplos_certificate_expiry_timestamp_seconds",
            "When the first certificate in the file ends (client or ca), in seconds since 1970.",
            ("certificate",),
            registry=registry,
        )

    def exposition(self) -> bytes:
        """The text Prometheus reads."""
        for refresh in self.before_scrape:
            refresh()
        return generate_latest(self.registry)
