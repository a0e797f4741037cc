package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.HaproxyBackend;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Session tickets whose keys are in a file: what another server makes of them. */
class TicketStories extends Stories {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: one.test\r\nConnection: close\r\n\r\n";
  private static final int CONTEXT_SPECIFIC = 0xa0;
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private static Path folder;
  private static CertificateFiles identity;

  @BeforeAll
  static void makesCertificates() {
    CertificateFiles authority = Openssl.authority(folder, "Test CA");
    identity = Openssl.signed(folder, authority, "one.test");
  }

  private static byte[] key(int size) {
    byte[] key = new byte[size];
    RANDOM.nextBytes(key);
    return key;
  }

  private WeirUnderTest sharing(byte[]... keys) throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    byte[] file = new byte[0];
    for (byte[] key : keys) {
      int length = file.length;
      file = Arrays.copyOf(file, length + key.length);
      System.arraycopy(key, 0, file, length, key.length);
    }
    return starts(
        proxy()
            .certificate("one", identity)
            .listensTls("secure", "one")
            .ticketKeys(file)
            .app(backend));
  }

  /** A session begun there, in a file. */
  private static Path begins(InetSocketAddress address, String version) {
    Path session = folder.resolve("session-" + address.getPort() + version + ".pem");
    String said =
        Openssl.client(address, GET, version, "-ign_eof", "-sess_out", session.toString());
    assertThat(said).contains("New, TLSv1.").contains("hello");
    return session;
  }

  /** Whether it goes on there; in any case the request is answered. */
  private static boolean goesOn(Path session, InetSocketAddress address, String version) {
    String said = Openssl.client(address, GET, version, "-ign_eof", "-sess_in", session.toString());
    assertThat(said).contains("hello");
    return said.contains("Reused, TLSv1.");
  }

  @ParameterizedTest
  @CsvSource({"48, -tls1_2", "48, -tls1_3", "80, -tls1_2", "80, -tls1_3"})
  void weirsWithOneFileGoOnWithEachOthersSessions(int size, String version) throws Exception {
    byte[] key = key(size);
    WeirUnderTest one = sharing(key);
    WeirUnderTest two = sharing(key);
    WeirUnderTest stranger = sharing(key(size));
    Path session = begins(one.address("secure"), version);
    assertThat(goesOn(session, two.address("secure"), version)).isTrue();
    assertThat(goesOn(session, stranger.address("secure"), version)).isFalse();
    two.eventually("weir_tls_handshakes_total", 1, "secure", "true");
    stranger.eventually("weir_tls_handshakes_total", 1, "secure", "false");
  }

  /** As the documentation says to do it: behind the old one everywhere, then before it. */
  @ParameterizedTest
  @CsvSource({"-tls1_2", "-tls1_3"})
  void aNewKeyIsBroughtInWithoutALostSession(String version) throws Exception {
    byte[] old = key(48);
    byte[] fresh = key(48);
    WeirUnderTest before = sharing(old);
    WeirUnderTest between = sharing(old, fresh);
    WeirUnderTest after = sharing(fresh, old);
    WeirUnderTest last = sharing(fresh);
    Path sealedByOld = begins(between.address("secure"), version);
    Path sealedByFresh = begins(after.address("secure"), version);
    assertThat(goesOn(sealedByOld, before.address("secure"), version)).isTrue();
    assertThat(goesOn(sealedByOld, after.address("secure"), version)).isTrue();
    assertThat(goesOn(sealedByFresh, between.address("secure"), version)).isTrue();
    assertThat(goesOn(sealedByFresh, last.address("secure"), version)).isTrue();
    assertThat(goesOn(sealedByOld, last.address("secure"), version)).isFalse();
  }

  /** Where the parts of a key are in a file: name 16, then these, each of that many bytes. */
  enum Order {
    AES_HMAC_16(48, 16, 32, 16),
    HMAC_AES_32(80, 48, 16, 32),
    AES_HMAC_32(80, 16, 48, 32),
    /** What Weir makes of 80 bytes: it seals with AES-128. */
    HMAC_AES_32_HALVES(80, 48, 16, 16);

    private final int size;
    private final int aesAt;
    private final int hmacAt;
    private final int part;

    Order(int size, int aesAt, int hmacAt, int part) {
      this.size = size;
      this.aesAt = aesAt;
      this.hmacAt = hmacAt;
      this.part = part;
    }
  }

  /**
   * The seal is the same, but not what is sealed: OpenSSL and BoringSSL write a session down in
   * different ways, and neither reads the other's. So a file shared with another server does no
   * harm and no good.
   */
  @ParameterizedTest
  @CsvSource({
    "nginx, AES_HMAC_16, -tls1_2",
    "nginx, AES_HMAC_16, -tls1_3",
    "nginx, HMAC_AES_32, -tls1_2",
    "nginx, HMAC_AES_32, -tls1_3",
    "haproxy, AES_HMAC_16, -tls1_2",
    "haproxy, AES_HMAC_16, -tls1_3",
    "haproxy, AES_HMAC_32, -tls1_2",
    "haproxy, AES_HMAC_32, -tls1_3",
  })
  void aTicketOfAnotherServerBeginsANewSession(String peer, Order order, String version)
      throws Exception {
    byte[] key = key(order.size);
    InetSocketAddress other = peer.equals("nginx") ? nginx(key) : haproxy(key);
    InetSocketAddress weir = sharing(key).address("secure");
    Path theirs = begins(other, version);
    Path ours = begins(weir, version);
    assertThat(goesOn(theirs, other, version)).isTrue();
    assertThat(goesOn(ours, weir, version)).isTrue();
    assertThat(goesOn(theirs, weir, version)).isFalse();
    assertThat(goesOn(ours, other, version)).isFalse();

    // Field 13 is OpenSSL's flags and BoringSSL's digest of a certificate, 14 its age and its hash
    // of the first handshake; BoringSSL writes more from 17 on, as what OpenSSL has no type for.
    assertThat(fields(opened(Openssl.ticket(theirs), key, order))).containsAnyOf(13, 14);
    Order ofOurs = order.size == 48 ? order : Order.HMAC_AES_32_HALVES;
    assertThat(fields(opened(Openssl.ticket(ours), key, ofOurs)))
        .doesNotContain(13, 14)
        .containsAnyOf(17, 21);
  }

  private InetSocketAddress haproxy(byte[] key) {
    return keeps(HaproxyBackend.sealsWith(key, identity)).address();
  }

  private InetSocketAddress nginx(byte[] key) throws Exception {
    Path file = Files.write(Files.createTempFile(folder, "ticket", ".key"), key);
    return keeps(
            NginxBackend.tls(
                identity,
                """
                ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off; ssl_session_ticket_key %s;
                location / { return 200 hello; }
                """
                    .formatted(file)))
        .address();
  }

  /** What is in a ticket of RFC 5077 section 4: name, initial vector, AES-CBC, HMAC-SHA256. */
  private static byte[] opened(byte[] ticket, byte[] key, Order order) throws Exception {
    int sealAt = ticket.length - 32;
    assertThat(Arrays.copyOf(ticket, 16)).as("name").isEqualTo(Arrays.copyOf(key, 16));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, order.hmacAt, order.part, "HmacSHA256"));
    mac.update(ticket, 0, sealAt);
    assertThat(mac.doFinal())
        .as("seal")
        .isEqualTo(Arrays.copyOfRange(ticket, sealAt, ticket.length));
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, order.aesAt, order.part, "AES"),
        new IvParameterSpec(ticket, 16, 16));
    return cipher.doFinal(ticket, 32, sealAt - 32);
  }

  /** The numbers of the tagged fields of a session, which is a DER sequence. */
  private static List<Integer> fields(byte[] session) {
    ByteBuffer in = ByteBuffer.wrap(session);
    assertThat(in.get()).as("a sequence").isEqualTo((byte) 0x30);
    assertThat(lengthOf(in)).isEqualTo(in.remaining());
    List<Integer> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      int tag = in.get() & 0xff;
      int length = lengthOf(in);
      in.position(in.position() + length);
      if (tag >= CONTEXT_SPECIFIC) {
        fields.add(tag - CONTEXT_SPECIFIC);
      }
    }
    return fields;
  }

  private static int lengthOf(ByteBuffer in) {
    int first = in.get() & 0xff;
    return first < 0x80 ? first : first == 0x81 ? in.get() & 0xff : in.getShort() & 0xffff;
  }
}
