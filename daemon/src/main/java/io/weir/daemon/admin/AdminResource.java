package io.weir.daemon.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that the admin endpoint has: its path and the methods that it takes. */
@SuppressWarnings("ImmutableEnumChecker") // the list is an immutable one
enum AdminResource {
  PAGE("/", HttpMethod.GET, HttpMethod.HEAD),
  STYLE("/dashboard.css", HttpMethod.GET, HttpMethod.HEAD),
  SCRIPT("/dashboard.js", HttpMethod.GET, HttpMethod.HEAD),
  METRICS("/metrics", HttpMethod.GET, HttpMethod.HEAD),
  HEALTH("/healthz", HttpMethod.GET, HttpMethod.HEAD),
  READINESS("/readyz", HttpMethod.GET, HttpMethod.HEAD),
  STATUS("/api/v1/status", HttpMethod.GET, HttpMethod.HEAD),
  STATS("/api/v1/stats", HttpMethod.GET, HttpMethod.HEAD),
  RELOAD("/api/v1/reload", HttpMethod.POST),
  BANS("/api/v1/bans", HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.DELETE),
  EXPLAIN("/api/v1/explain", HttpMethod.POST),
  FIREWALL_RULES("/api/v1/firewall/rules", HttpMethod.GET, HttpMethod.HEAD),
  FIREWALL_EVENTS("/api/v1/firewall/events", HttpMethod.GET, HttpMethod.HEAD);

  private static final Map<String, AdminResource> BY_PATH =
      Arrays.stream(values()).collect(Collectors.toMap(AdminResource::path, Function.identity()));

  private final String path;
  private final List<HttpMethod> methods;

  AdminResource(String path, HttpMethod... methods) {
    this.path = path;
    this.methods = List.of(methods);
  }

  /** What is there, or null. */
  static @Nullable AdminResource at(@Nullable String path) {
    return path == null ? null : BY_PATH.get(path);
  }

  /** Whether the method changes nothing. */
  static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  String path() {
    return path;
  }

  boolean takes(HttpMethod method) {
    return methods.contains(method);
  }

  /** As the field {@code Allow} has them. */
  String methods() {
    return methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
  }
}
