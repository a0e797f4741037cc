package io.weir.daemon.admin;

import io.weir.daemon.state.KeptBans;
import java.time.Instant;

/**
 * The daemon at one moment.
 *
 * @param ready whether new requests are welcome
 * @param configFile the file that was read, as the operator named it
 * @param configHash the start of the SHA-256 of what was read, hexadecimal
 * @param configLoaded when the configuration that serves now was loaded
 * @param lastReload {@code ok}, or why the last attempt to load changed nothing
 * @param bans where they are kept
 */
public record ProcessStatus(
    String version,
    String revision,
    String java,
    long pid,
    Instant started,
    boolean ready,
    String configFile,
    String configHash,
    Instant configLoaded,
    String lastReload,
    KeptBans.Place bans) {}
