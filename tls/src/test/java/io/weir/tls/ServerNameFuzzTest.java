package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.tls.ServerTlsConfig.UnknownName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The certificate for whatever a client says its server is called, in its hello or as the host of a
 * request: found or not, never thrown, at a cost that its length bounds.
 */
class ServerNameFuzzTest {
  private static final String EXACT = "www.foobar.com";
  private static final String PARENT = "foobar.com";
  private static final CertificateStore STORE = store();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A normal name is made by a few copies. */
  private static final int COPIES = 16;

  private static final int LONG = 1 << 20;

  private static CertificateStore store() {
    TestAuthority authority = TestAuthority.create("Root");
    Map<String, CertificatePem> certificates = new LinkedHashMap<>();
    certificates.put("exact", authority.issue(EXACT));
    certificates.put("wild", authority.issue("*." + PARENT));
    TlsContextCache cache =
        new TlsContextCache(
            TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()));
    try {
      return cache.server(
          new ServerTlsConfig(
              certificates,
              UnknownName.REFUSE,
              TlsVersion.TLSv1_2,
              List.of("http/1.1"),
              ClientAuthConfig.NONE),
          Instant.now());
    } catch (TlsConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/ServerName"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /** In any case, and with the dot of the root, it must come to the same. */
  public static void fuzzerTestOneInput(byte[] input) {
    String name = new String(input, StandardCharsets.ISO_8859_1);
    String found = found(name);
    assertThat(found(inCase(name, 'A', 'Z', 'a'))).isEqualTo(found);
    assertThat(found(inCase(name, 'a', 'z', 'A'))).isEqualTo(found);
    if (!name.isEmpty() && !name.endsWith(".")) {
      assertThat(found).isEqualTo(naive(inCase(name, 'A', 'Z', 'a')));
      assertThat(found(name + ".")).isEqualTo(found);
    }
  }

  private static String inCase(String name, char first, char last, char to) {
    StringBuilder other = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= first && c <= last) {
        other.setCharAt(i, (char) (c - first + to));
      }
    }
    return other.toString();
  }

  private static @Nullable String naive(String name) {
    if (name.equals(EXACT)) {
      return "exact";
    }
    int label = name.length() - PARENT.length() - 1;
    boolean wild = label > 0 && name.endsWith("." + PARENT) && name.indexOf('.') == label;
    return wild ? "wild" : null;
  }

  private static @Nullable String found(String name) {
    ServerTls found = STORE.find(name);
    return found == null ? null : found.name();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "a.", "A", "a", "a..", "\u0000", "*."})
  void aLongNameIsLookedUpInOneGo(String piece) {
    String name = "a" + piece.repeat(LONG / piece.length());
    found(name); // what is made once has been made
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(found(name)).isNull();
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated for it")
        .isLessThan((long) COPIES * LONG);
  }
}
