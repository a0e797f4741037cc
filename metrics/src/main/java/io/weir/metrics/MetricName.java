package io.weir.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every exported metric, once: its name, what it is, its labels and what it means. */
@SuppressWarnings("ImmutableEnumChecker") // the list is an immutable one
public enum MetricName {
  BUILD_INFO(
      "weir_build_info",
      MetricType.INFO,
      "The running program: always 1.",
      "version",
      "revision",
      "java",
      "netty",
      "transport",
      "tls_provider"),
  READY("weir_ready", MetricType.GAUGE, "1 while new requests are welcome, else 0."),
  DRAINING("weir_draining", MetricType.GAUGE, "1 while the process is on its way out, else 0."),

  EVENT_LOOP_LAG(
      "weir_event_loop_lag_seconds",
      Buckets.FAST,
      "How long a task given to a worker's event loop twice a second waits until it runs."),
  EVENT_LOOP_BUSY(
      "weir_event_loop_busy_ratio",
      MetricType.GAUGE,
      "Share of its time that an event loop was not waiting for events, 0 to 1.",
      "loop"),
  EVENT_LOOP_PENDING_TASKS(
      "weir_event_loop_pending_tasks", MetricType.GAUGE, "Tasks queued on an event loop.", "loop"),
  BUFFER_MEMORY(
      "weir_buffer_memory_bytes",
      MetricType.GAUGE,
      "Memory that the buffer allocator holds, in use or not.",
      "kind"),

  CONFIG_LAST_RELOAD_SUCCESSFUL(
      "weir_config_last_reload_successful",
      MetricType.GAUGE,
      "1 if the last attempt to load the configuration succeeded, else 0."),
  CONFIG_LAST_RELOAD_SUCCESS_TIMESTAMP(
      "weir_config_last_reload_success_timestamp_seconds",
      MetricType.GAUGE,
      "Unix time at which the configuration was last loaded."),
  CONFIG_GENERATION(
      "weir_config_generation", MetricType.GAUGE, "Number of the configuration that serves now."),
  CONFIG_RELOADS(
      "weir_config_reloads_total",
      MetricType.COUNTER,
      "Attempts to load the configuration by result.",
      "result"),

  LIST_ENTRIES("weir_list_entries", MetricType.GAUGE, "Entries of a list.", "list"),
  LIST_LAST_LOAD_TIMESTAMP(
      "weir_list_last_load_timestamp_seconds",
      MetricType.GAUGE,
      "Unix time at which a list was last read.",
      "list"),
  LIST_LOAD_ERRORS(
      "weir_list_load_errors_total",
      MetricType.COUNTER,
      "Times that a list could not be read and its old entries stayed.",
      "list"),

  LIST_FETCHES(
      "weir_list_fetches_total",
      MetricType.COUNTER,
      "Times that a list by URL came, or was found to be unchanged.",
      "list"),
  LIST_LAST_FETCH_TIMESTAMP(
      "weir_list_last_fetch_timestamp_seconds",
      MetricType.GAUGE,
      "Unix time at which a list by URL last came or was found to be unchanged; 0: not since the"
          + " start.",
      "list"),

  CONNECTIONS("weir_connections", MetricType.GAUGE, "Open client connections.", "listener"),
  CONNECTIONS_LIMIT(
      "weir_connections_limit", MetricType.GAUGE, "Most client connections allowed.", "listener"),
  CONNECTIONS_ACCEPTED(
      "weir_connections_accepted_total",
      MetricType.COUNTER,
      "Client connections accepted.",
      "listener"),
  CONNECTIONS_REJECTED(
      "weir_connections_rejected_total",
      MetricType.COUNTER,
      "Client connections closed before they were served, by reason.",
      "listener",
      "reason"),
  CONNECTION_BYTES(
      "weir_connection_bytes_total",
      MetricType.COUNTER,
      "Bytes exchanged with clients, as seen from us.",
      "listener",
      "direction"),
  CONNECTION_DURATION(
      "weir_connection_duration_seconds",
      Buckets.DURATION,
      "Life of a relayed connection.",
      "listener"),

  TLS_HANDSHAKES(
      "weir_tls_handshakes_total",
      MetricType.COUNTER,
      "Completed TLS handshakes with clients.",
      "listener",
      "version",
      "resumed"),
  TLS_HANDSHAKE_FAILURES(
      "weir_tls_handshake_failures_total",
      MetricType.COUNTER,
      "Failed TLS handshakes with clients by reason.",
      "listener",
      "reason"),
  TLS_HANDSHAKE_DURATION(
      "weir_tls_handshake_duration_seconds",
      Buckets.DURATION,
      "Duration of completed TLS handshakes with clients.",
      "listener"),
  TLS_CERTIFICATE_NOT_AFTER(
      "weir_tls_certificate_not_after_timestamp_seconds",
      MetricType.GAUGE,
      "Unix time at which a certificate expires.",
      "certificate"),

  HTTP_REQUESTS(
      "weir_http_requests_total",
      MetricType.COUNTER,
      "Finished requests; combinations that never happened are not listed.",
      "listener",
      "route",
      "method",
      "code"),
  HTTP_REQUESTS_BY_PROTOCOL(
      "weir_http_requests_by_protocol_total",
      MetricType.COUNTER,
      "Finished requests by protocol.",
      "listener",
      "protocol"),
  HTTP_REQUESTS_IN_FLIGHT(
      "weir_http_requests_in_flight", MetricType.GAUGE, "Requests being served.", "listener"),
  HTTP_UPGRADED_CONNECTIONS(
      "weir_http_upgraded_connections",
      MetricType.GAUGE,
      "Connections that left HTTP by an upgrade and are relayed.",
      "listener"),
  HTTP_REQUEST_DURATION(
      "weir_http_request_duration_seconds",
      Buckets.DURATION,
      "From the first byte of a request to the last byte of its response.",
      "route"),
  HTTP_OVERHEAD(
      "weir_http_overhead_seconds",
      Buckets.FAST,
      "The part of a request's duration that was spent in this process.",
      "listener"),
  HTTP_REQUEST_BODY_BYTES(
      "weir_http_request_body_bytes_total",
      MetricType.COUNTER,
      "Bytes of request bodies.",
      "route"),
  HTTP_RESPONSE_BODY_BYTES(
      "weir_http_response_body_bytes_total",
      MetricType.COUNTER,
      "Bytes of response bodies.",
      "route"),
  HTTP_ERRORS(
      "weir_http_errors_total",
      MetricType.COUNTER,
      "Requests that did not end well, by reason.",
      "listener",
      "reason"),

  POOL_REQUESTS(
      "weir_pool_requests_total",
      MetricType.COUNTER,
      "Requests answered by a backend.",
      "pool",
      "backend",
      "code_class"),
  POOL_REQUEST_DURATION(
      "weir_pool_request_duration_seconds",
      Buckets.DURATION,
      "From choosing a backend to the last byte of its response.",
      "pool"),
  POOL_FIRST_BYTE(
      "weir_pool_first_byte_seconds",
      Buckets.DURATION,
      "From the request's head being sent to the first byte of the response.",
      "pool"),
  POOL_CONNECT_DURATION(
      "weir_pool_connect_duration_seconds",
      Buckets.DURATION,
      "Time to open a connection to a backend, TLS included.",
      "pool"),
  POOL_REQUESTS_IN_FLIGHT(
      "weir_pool_requests_in_flight",
      MetricType.GAUGE,
      "Requests that a backend is working on.",
      "pool",
      "backend"),
  POOL_CONNECTIONS(
      "weir_pool_connections",
      MetricType.GAUGE,
      "Open connections to a backend by state.",
      "pool",
      "backend",
      "state"),
  POOL_CONNECTIONS_OPENED(
      "weir_pool_connections_opened_total",
      MetricType.COUNTER,
      "Connections opened to a backend.",
      "pool",
      "backend"),
  POOL_FAILURES(
      "weir_pool_failures_total",
      MetricType.COUNTER,
      "Attempts that a backend failed, by reason.",
      "pool",
      "backend",
      "reason"),
  POOL_BYTES(
      "weir_pool_bytes_total",
      MetricType.COUNTER,
      "Bytes exchanged with a backend, as seen from us: bodies of requests, all bytes of relays.",
      "pool",
      "backend",
      "direction"),
  POOL_RETRIES(
      "weir_pool_retries_total",
      MetricType.COUNTER,
      "Retried requests by result.",
      "pool",
      "result"),
  POOL_BACKENDS("weir_pool_backends", MetricType.GAUGE, "Backends by state.", "pool", "state"),
  BACKEND_UP(
      "weir_backend_up", MetricType.GAUGE, "1 if a backend is healthy, else 0.", "pool", "backend"),
  BACKEND_WEIGHT(
      "weir_backend_weight",
      MetricType.GAUGE,
      "Share of a backend in its pool.",
      "pool",
      "backend"),
  POOL_HEALTH_CHECKS(
      "weir_pool_health_checks_total",
      MetricType.COUNTER,
      "Health checks by result.",
      "pool",
      "backend",
      "result"),
  POOL_HEALTH_CHECK_DURATION(
      "weir_pool_health_check_duration_seconds",
      Buckets.DURATION,
      "Duration of health checks.",
      "pool"),
  POOL_STATE_CHANGES(
      "weir_pool_state_changes_total",
      MetricType.COUNTER,
      "Changes of a backend's state by the new state.",
      "pool",
      "backend",
      "to"),

  FIREWALL_REQUESTS(
      "weir_firewall_requests_total",
      MetricType.COUNTER,
      "Every request once, by what the firewall decided.",
      "listener",
      "decision"),
  FIREWALL_RULE_MATCHES(
      "weir_firewall_rule_matches_total",
      MetricType.COUNTER,
      "Matches of a rule.",
      "rule",
      "action",
      "mode"),
  FIREWALL_RULE_LAST_MATCH_TIMESTAMP(
      "weir_firewall_rule_last_match_timestamp_seconds",
      MetricType.GAUGE,
      "Unix time of a rule's last match, 0 if it never matched.",
      "rule"),
  FIREWALL_PATHS_REPORTED(
      "weir_firewall_paths_reported_total",
      MetricType.COUNTER,
      "Requests that normalize_path would refuse or change if its mode were not report.",
      "result"),
  FIREWALL_EVALUATION(
      "weir_firewall_evaluation_seconds",
      Buckets.FAST,
      "Time spent in the rules by stage.",
      "stage"),

  RATE_LIMIT_REQUESTS(
      "weir_rate_limit_requests_total",
      MetricType.COUNTER,
      "Requests that a limit looked at, by result.",
      "rule",
      "result"),
  BANDWIDTH_BYTES(
      "weir_bandwidth_bytes_total",
      MetricType.COUNTER,
      "Bytes that clients were sent and a bandwidth rule counted.",
      "rule"),
  BANDWIDTH_HELD(
      "weir_bandwidth_held",
      MetricType.GAUGE,
      "Requests and WebSockets that a bandwidth rule holds back now.",
      "rule"),
  BANS("weir_bans", MetricType.GAUGE, "Clients that are banned now, by the rule that did.", "rule"),
  BANS_ADDED("weir_bans_added_total", MetricType.COUNTER, "Bans that began, by the rule.", "rule"),
  BANS_EXPIRED(
      "weir_bans_expired_total",
      MetricType.COUNTER,
      "Bans that ended by time, or made room for others, by the rule.",
      "rule"),
  RATE_LIMIT_KEYS("weir_rate_limit_keys", MetricType.GAUGE, "Keys that a limit remembers.", "rule"),
  RATE_LIMIT_EVICTIONS(
      "weir_rate_limit_evictions_total",
      MetricType.COUNTER,
      "Keys that a limit forgot for want of room.",
      "rule"),

  SHARED_STATE_UP(
      "weir_shared_state_up",
      MetricType.GAUGE,
      "1 while limits and bans are shared with other balancers, else 0."),
  SHARED_STATE_OPERATIONS(
      "weir_shared_state_operations_total",
      MetricType.COUNTER,
      "Commands to the shared state, and changes that it was not told for want of room, by result.",
      "result"),
  SHARED_STATE_DURATION(
      "weir_shared_state_duration_seconds",
      Buckets.DURATION,
      "Duration of an exchange with the shared state."),

  LOG_LINES("weir_log_lines_total", MetricType.COUNTER, "Lines written to a log.", "log"),
  LOG_DROPPED(
      "weir_log_dropped_total",
      MetricType.COUNTER,
      "Lines dropped because a log could not keep up.",
      "log");

  private final String exported;
  private final MetricType type;
  private final @Nullable Buckets buckets;
  private final String help;
  private final List<String> labels;

  MetricName(String exported, MetricType type, String help, String... labels) {
    this(exported, type, null, help, labels);
  }

  MetricName(String exported, Buckets buckets, String help, String... labels) {
    this(exported, MetricType.HISTOGRAM, buckets, help, labels);
  }

  MetricName(
      String exported, MetricType type, @Nullable Buckets buckets, String help, String... labels) {
    this.exported = exported;
    this.type = type;
    this.buckets = buckets;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The name as users see it. */
  public String exported() {
    return exported;
  }

  /** The name without the suffix that its type adds: the family of OpenMetrics. */
  String family() {
    return exported.substring(0, exported.length() - type.suffix().length());
  }

  public MetricType type() {
    return type;
  }

  /** One sentence. */
  public String help() {
    return help;
  }

  /** Label names, in the order in which values are given at registration. */
  public List<String> labels() {
    return labels;
  }

  /** The bounds of a histogram. */
  public Buckets buckets() {
    if (buckets == null) {
      throw new IllegalStateException(exported + ": " + type + " (expected: a histogram)");
    }
    return buckets;
  }
}
