package io.weir.daemon.config;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A list that is fetched now and then.
 *
 * @param name of the list
 * @param every how long from one look to the next
 * @param authorities PEM text of whom the server's certificate must be from; null for the usual
 * @param copy where the last good version is kept; null if there is no folder for that
 */
public record FetchedList(
    String name,
    ListType type,
    URI url,
    Checksum checksum,
    Duration every,
    @Nullable String authorities,
    @Nullable Path copy) {
  private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));
  private static final String URL = "a URL like https://lists.example/blocked.txt";

  /** What its content is held to. */
  public sealed interface Checksum {
    /** What is known beforehand, in lower case; null if nothing is. */
    default @Nullable String fixed() {
      return this instanceof Fixed(String sum) ? sum : null;
    }

    /** Nothing but the server's certificate. */
    record None() implements Checksum {}

    /** A SHA-256 that is known beforehand, in lower case. */
    record Fixed(String sha256) implements Checksum {
      public Fixed {
        sha256 = sha256.toLowerCase(Locale.ROOT);
        if (!sha256.matches("[0-9a-f]{64}")) {
          throw new IllegalArgumentException(
              "sha256: \"" + sha256 + "\" (expected: 64 digits of base 16)");
        }
      }
    }

    /** What stands there, as {@code sha256sum} writes it. */
    record At(URI url) implements Checksum {
      public At {
        if (!isTrusted(url)) {
          throw new IllegalArgumentException(
              "sha256_url: \""
                  + url
                  + "\" (expected: https; who can change the list on its way"
                  + " could change its checksum, too)");
        }
      }
    }
  }

  public FetchedList {
    if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("every: " + every + " (expected: 1s to 365d)");
    }
    if (!isTrusted(url) && !(checksum instanceof Checksum.Fixed)) {
      throw new IllegalArgumentException(
          "url: \""
              + url
              + "\" (expected: https, since anybody on the way can change what http"
              + " brings; or a sha256)");
    }
  }

  /** Whether what comes from there can be believed without a checksum. */
  public static boolean isTrusted(URI url) {
    String host = String.valueOf(url.getHost());
    return "https".equalsIgnoreCase(url.getScheme())
        || host.equalsIgnoreCase("localhost")
        || isLoopback(ClientAddress.parse(host.replaceAll("[\\[\\]]", "")));
  }

  /** Of addresses, not of names that look like one: anybody can have 127.0.0.1.example. */
  private static boolean isLoopback(@Nullable ClientAddress address) {
    return address != null && LOOPBACK.stream().anyMatch(prefix -> prefix.contains(address));
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  static URI url(String text) {
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
        return URI.create(url.toASCIIString());
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException('"' + text + "\" (expected: " + URL + ")");
  }

  /** The URL without its query, which may hold a secret. */
  public String place() {
    return url.toString().replaceFirst("\\?.*", "?...");
  }

  /** Why a version cannot be used, in words; null if it can. */
  public @Nullable String problem(byte[] content) {
    ListSource lines = new ListSource.Lines(place(), content);
    ListConfig.Contents contents = new ListConfig(type, lines).read(name);
    if (!contents.problems().isEmpty()) {
      return contents.problems().getFirst().message();
    }
    return contents.entries() == 0 ? "there are no entries in it" : null;
  }
}
