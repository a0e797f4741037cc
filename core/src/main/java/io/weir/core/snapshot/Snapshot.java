package io.weir.core.snapshot;

import io.weir.core.answer.ErrorPages;
import io.weir.core.meter.BanMeter;
import io.weir.core.meter.FirewallMeter;
import io.weir.core.meter.PathTrialMeter;
import io.weir.core.meter.RuleMeter;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.firewall.Firewall;
import io.weir.firewall.RequestMatches;
import io.weir.firewall.address.AddressSet;
import io.weir.firewall.path.PathMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One compiled generation of the configuration. Immutable but for what its parts publish of
 * backends' health and limits' state.
 *
 * @param routes what each route does, in words, by its label
 * @param routeMatches what routes ask beyond host and path
 * @param clientHeader the one header that trusted peers name their clients in, lower case
 * @param pathTrial counts what strict paths would do; null if nobody wants to know
 * @param ruleMeters by the rules' index
 * @param backends every backend of every pool
 * @param maxSlowReaders of one worker
 * @param maxHeadMemory bytes that the heads of one worker's HTTP/2 requests may hold
 */
public record Snapshot(
    long generation,
    Map<String, Listener> listeners,
    Map<String, String> routes,
    RequestMatches routeMatches,
    Map<String, Pool> pools,
    List<Backend> backends,
    Firewall firewall,
    PathMode pathMode,
    @Nullable PathTrialMeter pathTrial,
    FirewallMeter firewallMeter,
    List<RuleMeter> ruleMeters,
    BanMeter banMeter,
    AddressSet trustedProxies,
    String clientHeader,
    Tracing tracing,
    ErrorPages errorPages,
    int maxConnections,
    int maxConnectionsPerIp,
    int maxSlowReaders,
    long maxHeadMemory) {}
