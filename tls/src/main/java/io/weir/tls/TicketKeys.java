package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that session tickets are sealed with: the first seals, all open.
 *
 * <p>Handed to every context of a process, so that a reload does not end resumption. Used under the
 * lock of the {@link TlsContextCache} that it was given to.
 */
public final class TicketKeys {
  /*
   * Whoever gets hold of a key can read what TLS 1.2 sessions it sealed carried, so keys of our own
   * are never written anywhere and do not last:
   *
   *   0 h          12 h         24 h         36 h
   *   | A seals    | A opens    |
   *                | B seals    | B opens    |
   *                             | C seals ...
   *
   * A ticket is good for 12 h at least and 24 h at most. Keys that several processes share come from
   * a file, and live as long as it says.
   */

  private static final Duration SEALS = Duration.ofHours(12);

  private final SecureRandom random;
  private TicketKey own;
  private @Nullable TicketKey previous;
  private Instant made;
  private List<TicketKey> shared = List.of();

  private TicketKeys(SecureRandom random, Instant now) {
    this.random = random;
    this.own = TicketKey.create(random);
    this.made = now;
  }

  public static TicketKeys create(SecureRandom random, Instant now) {
    return new TicketKeys(random, now);
  }

  /** Makes a new key of our own if it is time; whether the keys in use changed. */
  boolean rotate(Instant now) {
    Duration age = Duration.between(made, now);
    if (age.compareTo(SEALS) < 0) {
      return false;
    }
    previous = age.compareTo(SEALS.multipliedBy(2)) < 0 ? own : null;
    own = TicketKey.create(random);
    made = now;
    return shared.isEmpty();
  }

  /** Takes the keys that are shared, none to use our own; whether the keys in use changed. */
  boolean share(List<TicketKey> keys) {
    boolean changed = !keys.equals(shared);
    shared = List.copyOf(keys);
    return changed;
  }

  OpenSslSessionTicketKey[] boringssl() {
    return inUse().stream().map(TicketKey::boringssl).toArray(OpenSslSessionTicketKey[]::new);
  }

  private List<TicketKey> inUse() {
    if (!shared.isEmpty()) {
      return shared;
    }
    TicketKey before = previous;
    return before == null ? List.of(own) : List.of(own, before);
  }
}
