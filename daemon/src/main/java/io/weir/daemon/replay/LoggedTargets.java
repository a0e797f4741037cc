package io.weir.daemon.replay;

import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the targets of logged requests as a candidate would. */
final class LoggedTargets {
  /*
   * Where paths are strict, the route decides about %2F. Requests are not routed again, for which
   * logs hold too little: the route is the one that the log names. Where the candidate has none of
   * that name and some that keep %2F, the rules are asked, and such requests are counted: what is
   * said of those that would be 400 is wrong, but without it nothing would be said of the others.
   */
  private final PathMode mode;
  private final Map<String, Boolean> keepsSlash = new HashMap<>(); // by the route's label
  private final boolean anyKeepsSlash;

  LoggedTargets(ProxyConfig candidate) {
    mode = candidate.firewall().pathMode();
    candidate.routes().forEach(route -> keepsSlash.put(route.label(), route.keepsEncodedSlash()));
    anyKeepsSlash = candidate.routes().stream().anyMatch(RouteConfig::keepsEncodedSlash);
  }

  /** Null, and counted, if it is 400 before any rule is asked. */
  @Nullable RequestTarget read(LoggedRequest request, Tally tally) {
    if (!(RequestTarget.read(request.method(), request.target(), mode)
        instanceof RequestTarget target)) {
      tally.malformed++;
      return null;
    }
    if (mode != PathMode.STRICT || !target.hasEncodedSlash()) {
      return target;
    }
    Boolean kept = request.route() == null ? null : keepsSlash.get(request.route());
    if (anyKeepsSlash && kept == null) {
      tally.unrouted++;
    } else if (kept == null || !kept) {
      tally.malformed++;
      return null;
    }
    return target;
  }
}
