package io.weir.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds addresses that cannot be bound, since another part of the configuration binds them. */
public final class BoundOnce {
  private BoundOnce() {}

  /** An address and who binds it. */
  private record Claim(Address address, String owner, String path) {
    boolean isEveryAddress() {
      return address instanceof HostPort inet && inet.isEveryAddress();
    }
  }

  static List<ConfigError> check(Map<String, ListenerConfig> listeners) {
    List<Claim> claims = claims(listeners);
    List<ConfigError> errors = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      ConfigError error = refusal(claims.get(i), claims.subList(0, i));
      if (error != null) {
        errors.add(error);
      }
    }
    return errors;
  }

  /**
   * Why the listeners leave an address to nobody else; null if they do.
   *
   * @param owner what binds it, in the words of messages
   * @param path where that is said
   */
  public static @Nullable ConfigError check(
      Map<String, ListenerConfig> listeners, Address address, String owner, String path) {
    return refusal(new Claim(address, owner, path), claims(listeners));
  }

  private static List<Claim> claims(Map<String, ListenerConfig> listeners) {
    List<Claim> claims = new ArrayList<>();
    listeners.forEach((name, listener) -> {
      for (int i = 0; i < listener.bind().size(); i++) {
        String path = "listeners." + name + ".bind[" + i + "]";
        claims.add(new Claim(listener.bind().get(i), "listener \"" + name + '"', path));
      }
    });
    return claims;
  }

  private static @Nullable ConfigError refusal(Claim late, List<Claim> earlier) {
    for (Claim first : earlier) {
      if (late.address().clashesWith(first.address()) && !isSaidTwice(late, first)) {
        String as = late.address().equals(first.address()) ? "" : " as \"" + first.address() + '"';
        return new ConfigError(
            late.path(),
            "bind: \"" + late.address() + "\" is already bound by " + first.owner() + as,
            late.isEveryAddress() == first.isEveryAddress()
                ? null
                : "a port that is bound on every address is free on none",
            first.path());
      }
    }
    return null;
  }

  /** One listener may say that it binds every address of IPv4 and every address of IPv6. */
  private static boolean isSaidTwice(Claim late, Claim first) {
    return late.owner().equals(first.owner())
        && late.isEveryAddress()
        && first.isEveryAddress()
        && !late.address().equals(first.address());
  }
}
