package io.weir.core.health;

import io.weir.core.config.Address;
import io.weir.core.config.HealthConfig;
import io.weir.core.proxyprotocol.ProxyVersion;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend to be checked.
 *
 * @param key pool and backend; what is known of a backend's health goes by this key
 * @param backend as configured: the Host header where the configuration has none, and the name for
 *     TLS
 * @param address where to connect, asked before each check; a name that is not resolved fails the
 *     check, as resolving it here would block
 * @param proxyProtocol the PROXY header, saying LOCAL, that a check begins with; null for none
 * @param tls null for plain text
 * @param http2 whether the backend speaks HTTP/2 and not HTTP/1
 */
public record Watch(
    String key,
    Address backend,
    Supplier<? extends SocketAddress> address,
    HealthConfig config,
    @Nullable ProxyVersion proxyProtocol,
    @Nullable TlsHandlers tls,
    boolean http2,
    HealthListener listener) {}
