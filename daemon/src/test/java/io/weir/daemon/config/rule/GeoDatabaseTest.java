package io.weir.daemon.config.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.maxmind.db.InvalidDatabaseException;
import io.weir.daemon.config.rule.GeoDatabase.Kind;
import io.weir.firewall.address.AddressSet;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GeoDatabaseTest {
  private static final List<String> CODES = List.of("DE", "FR", "US", "JP");

  private static Map<String, List<Cidr>> networks(byte[] file, Kind kind, Set<String> values)
      throws IOException {
    return GeoDatabase.networks(new ByteArrayInputStream(file), kind, values);
  }

  @Test
  void aCountryIsItsNetworksInBothFamilies() throws IOException {
    byte[] file =
        new MmdbWriter()
            .add("192.0.2.0/24", MmdbWriter.country("DE"))
            .add("198.51.100.128/25", MmdbWriter.country("FR"))
            .add("2001:db8::/32", MmdbWriter.country("DE"))
            .bytes();
    Map<String, List<Cidr>> found = networks(file, Kind.COUNTRY, Set.of("DE", "FR", "US"));
    assertThat(found.get("DE"))
        .containsExactlyInAnyOrder(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::/32"));
    assertThat(found.get("FR")).containsExactly(Cidr.parse("198.51.100.128/25"));
    assertThat(found.get("US")).isEmpty();
  }

  @Test
  void severalMakersSpellingsAreRead() throws IOException {
    byte[] countries =
        new MmdbWriter()
            .add("192.0.2.0/24", Map.of("country", "DE"))
            .add("198.51.100.0/24", Map.of("country", "Germany", "country_code", "DE"))
            .add("203.0.113.0/24", Map.of("continent", "EU"))
            .bytes();
    assertThat(networks(countries, Kind.COUNTRY, Set.of("DE")).get("DE")).hasSize(2);
    byte[] numbers =
        new MmdbWriter()
            .add("192.0.2.0/24", Map.of("autonomous_system_number", 64496))
            .add("198.51.100.0/24", Map.of("asn", "AS64496"))
            .add("203.0.113.0/24", Map.of("asn", "AS644960"))
            .bytes();
    assertThat(networks(numbers, Kind.ASN, Set.of("64496")).get("64496")).hasSize(2);
  }

  @Test
  void whatTheDatabaseSaysOfAnAddressTheListOfItsCountrySaysToo() throws IOException {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      Map<Cidr, String> truth = new HashMap<>();
      MmdbWriter writer = new MmdbWriter();
      for (int i = 0; i < 300; i++) {
        // Of equal length, so that none holds another; few, so that neighbours are there, too.
        Cidr prefix =
            random.nextBoolean()
                ? new Cidr(ClientAddress.v4((10 << 24) | random.nextInt(2048) << 13), 19)
                : new Cidr(ClientAddress.v6((0x2001L << 48) | random.nextLong(2048) << 20, 0), 44);
        String code = CODES.get(random.nextInt(CODES.size()));
        if (truth.putIfAbsent(prefix, code) == null) {
          writer.add(prefix, MmdbWriter.country(code));
        }
      }
      Map<String, List<Cidr>> found = networks(writer.bytes(), Kind.COUNTRY, Set.copyOf(CODES));
      Map<String, AddressSet> sets = new HashMap<>();
      found.forEach((code, prefixes) -> sets.put(code, AddressSet.of(prefixes)));
      for (int i = 0; i < 2000; i++) {
        ClientAddress address =
            random.nextBoolean()
                ? ClientAddress.v4((10 << 24) | random.nextInt(1 << 24))
                : ClientAddress.v6((0x2001L << 48) | random.nextLong(1L << 31), random.nextLong());
        String expected =
            truth.entrySet().stream()
                .filter(entry -> entry.getKey().contains(address))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("none");
        for (String code : CODES) {
          assertThat(sets.get(code).contains(address))
              .as("seed %d, %s in %s", seed, address, code)
              .isEqualTo(code.equals(expected));
        }
      }
    }
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndNeverAnotherException() {
    byte[] whole = new MmdbWriter().add("192.0.2.0/24", MmdbWriter.country("DE")).bytes();
    assertThatThrownBy(() -> networks(new byte[100], Kind.COUNTRY, Set.of("DE")))
        .isInstanceOf(InvalidDatabaseException.class);
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length);
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        networks(damaged, Kind.COUNTRY, Set.of("DE"));
      } catch (InvalidDatabaseException expected) {
        continue;
      } catch (IOException | RuntimeException | Error other) {
        throw new AssertionError("seed " + seed + ", damage " + i, other);
      }
    }
  }
}
