package io.weir.daemon.config.rule;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Network;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A database in MaxMind's format that tells where addresses belong. */
final class GeoDatabase {
  private static final int V4_IN_V6 = 96; // bits before an IPv4 address in a tree of IPv6

  private GeoDatabase() {}

  /** What is looked up, and how makers of databases call it. */
  enum Kind {
    COUNTRY("country") {
      @Override
      @Nullable Object value(Map<?, ?> entry) {
        Object country = entry.get("country");
        if (country instanceof Map<?, ?> named) {
          return named.get("iso_code");
        }
        Object code = entry.get("country_code");
        return code == null ? country : code;
      }
    },
    ASN("asn") {
      @Override
      @Nullable Object value(Map<?, ?> entry) {
        Object number = entry.get("autonomous_system_number");
        return number == null ? entry.get("asn") : number;
      }
    };

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** The key of a match, and of {@code databases}. */
    String key() {
      return key;
    }

    /** The list of all addresses with a value; no operator's list has such a name. */
    String list(String value) {
      return key + ":" + value;
    }

    abstract @Nullable Object value(Map<?, ?> entry);
  }

  /**
   * The networks of each of these values; those that are not in the database have none.
   *
   * @param content is read to its end, and is in memory meanwhile, for a moment up to three times
   * @throws InvalidDatabaseException saying why this is no such database
   * @throws IOException if it cannot be read, which says nothing of what it is
   */
  static Map<String, List<Cidr>> networks(InputStream content, Kind kind, Set<String> values)
      throws IOException {
    Map<String, List<Cidr>> found = new HashMap<>();
    values.forEach(value -> found.put(value, new ArrayList<>()));
    try (Reader reader = new Reader(content, new CHMCache())) {
      Networks<Object> networks = reader.networks(Object.class);
      while (networks.hasNext()) {
        DatabaseRecord<Object> entry = networks.next();
        List<Cidr> list = found.get(value(kind, entry.data()));
        if (list != null) {
          list.add(prefix(entry.network()));
        }
      }
      found.replaceAll((_, prefixes) -> List.copyOf(prefixes));
      return found;
    } catch (InvalidNetworkException
        | CharacterCodingException
        | RuntimeException broken) { // whatever a file that is none makes its reader throw
      throw new InvalidDatabaseException(String.valueOf(broken.getMessage()), broken);
    }
  }

  private static String value(Kind kind, Object entry) {
    String value = entry instanceof Map<?, ?> map ? String.valueOf(kind.value(map)) : "";
    return kind == Kind.ASN && value.startsWith("AS") ? value.substring(2) : value;
  }

  private static Cidr prefix(Network network) {
    byte[] bytes = network.networkAddress().getAddress();
    int length = network.prefixLength();
    ClientAddress first = ClientAddress.ofBytes(bytes);
    if (bytes.length == 4) {
      return new Cidr(first, length > 32 ? length - V4_IN_V6 : length);
    }
    return first.isV6() && first.high() == 0 && first.low() >>> 32 == 0 && length >= V4_IN_V6
        ? new Cidr(ClientAddress.v4((int) first.low()), length - V4_IN_V6)
        : new Cidr(first, length);
  }
}
