package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class TlsContextCacheTest {

  private final TestAuthority authority = TestAuthority.create("Root");
  private final CertificatePem foobar = authority.issue("www.foobar.com");
  private final CertificatePem shop = authority.issue("shop.foobar.com");
  private final TlsContextCache cache =
      new TlsContextCache(
          TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()));

  @AfterEach
  void nothingIsLeft() {
    assertThat(cache.size()).isZero();
  }

  @Test
  void aReloadBuildsOnlyWhatChangedAndFreesOnlyWhatIsGone() throws Exception {
    CertificateStore before = server(Map.of("foobar", foobar, "shop", shop));
    ServerTls kept = before.find("www.foobar.com");
    SslContext gone = before.find("shop.foobar.com").context();

    CertificateStore after =
        server(Map.of("foobar", foobar, "shop", authority.issue("shop.foobar.com")));
    assertThat(after.find("www.foobar.com")).isSameAs(kept);
    assertThat(cache.size()).isEqualTo(3);
    before.close();
    assertThat(cache.size()).isEqualTo(2);
    assertThat(ReferenceCountUtil.refCnt(gone)).isZero();
    assertThat(ReferenceCountUtil.refCnt(kept.context())).isEqualTo(1);
    after.close();
    assertThat(ReferenceCountUtil.refCnt(kept.context())).isZero();
  }

  @Test
  void aContextThatIsGivenBackLivesUntilItsLastConnectionEnds() throws Exception {
    CertificateStore store = server(Map.of("foobar", foobar));
    SslContext context = store.all().getFirst().context();
    EmbeddedChannel connection =
        new EmbeddedChannel(store.all().getFirst().newHandler(UnpooledByteBufAllocator.DEFAULT));
    store.close();
    assertThat(ReferenceCountUtil.refCnt(context)).isEqualTo(1);
    connection.finishAndReleaseAll();
    assertThat(ReferenceCountUtil.refCnt(context)).isZero();
  }

  @Test
  void aKeyThatManyHandshakesAskForAtOnceIsFreedWithItsContext() throws Exception {
    byte[] hello = clientHello();
    int workers = 4;
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    for (int round = 0; round < 200; round++) {
      CertificateStore store = server(Map.of("foobar", foobar));
      CyclicBarrier together = new CyclicBarrier(workers);
      List<Callable<Integer>> handshakes =
          Collections.nCopies(
              workers,
              () -> {
                EmbeddedChannel client =
                    new EmbeddedChannel(
                        store.all().getFirst().newHandler(UnpooledByteBufAllocator.DEFAULT));
                together.await();
                client.writeInbound(Unpooled.copiedBuffer(hello));
                int answered = client.outboundMessages().size();
                client.finishAndReleaseAll();
                return answered;
              });
      for (Future<Integer> answered : pool.invokeAll(handshakes)) {
        assertThat(answered.get()).isPositive(); // the server has shown its certificate
      }
      store.close();
    }
    pool.shutdown();
    assertThat(LeakCheck.leaks()).isEmpty();
  }

  @Test
  void closingTwiceGivesBackOnce() throws Exception {
    CertificateStore one = server(Map.of("foobar", foobar));
    CertificateStore two = server(Map.of("foobar", foobar));
    one.close();
    one.close();
    assertThat(cache.size()).isEqualTo(1);
    two.close();
  }

  @Test
  void otherSettingsAreAnotherContext() throws Exception {
    CertificateStore one = server(Map.of("foobar", foobar));
    CertificateStore two =
        cache.server(
            new ServerTlsConfig(
                Map.of("foobar", foobar),
                ServerTlsConfig.UnknownName.DEFAULT,
                TlsVersion.TLSv1_3,
                List.of("http/1.1"),
                ClientAuthConfig.NONE),
            Instant.now());
    assertThat(one.all().getFirst()).isNotSameAs(two.all().getFirst());
    assertThat(one.all().getFirst().speaksFor(two.all().getFirst())).isTrue();
    one.close();
    two.close();
  }

  @Test
  void aCertificateSpeaksForItsRenewalAndNotForOthersNorForAnotherClientPolicy() throws Exception {
    CertificateStore plain = server(Map.of("foobar", foobar, "shop", shop));
    CertificateStore renewed = server(Map.of("foobar", authority.issue("www.foobar.com")));
    CertificateStore strict =
        cache.server(
            new ServerTlsConfig(
                Map.of("foobar", foobar),
                ServerTlsConfig.UnknownName.DEFAULT,
                TlsVersion.TLSv1_2,
                List.of("http/1.1"),
                new ClientAuthConfig(ClientAuthConfig.Mode.REQUIRE, authority.pem())),
            Instant.now());
    ServerTls mine = plain.find("www.foobar.com");
    assertThat(mine.speaksFor(renewed.find("www.foobar.com"))).isTrue();
    assertThat(mine.speaksFor(plain.find("shop.foobar.com"))).isFalse();
    assertThat(mine.speaksFor(strict.find("www.foobar.com"))).isFalse();
    plain.close();
    renewed.close();
    strict.close();
  }

  @Test
  void upstreamContextsAreSharedToo() throws Exception {
    UpstreamTls one = cache.upstream(UpstreamTlsConfig.DEFAULT, Instant.now());
    UpstreamTls two = cache.upstream(UpstreamTlsConfig.DEFAULT, Instant.now());
    assertThat(one.context()).isSameAs(two.context());
    one.close();
    one.close();
    SslHandler handler = two.newHandler(UnpooledByteBufAllocator.DEFAULT, "backend", 443);
    two.close();
    assertThat(ReferenceCountUtil.refCnt(two.context())).isEqualTo(1);
    ReferenceCountUtil.release(handler.engine());
    assertThat(ReferenceCountUtil.refCnt(two.context())).isZero();
  }

  @Test
  void everyBadCertificateIsReportedAndTheGoodOnesAreGivenBack() {
    CertificatePem swapped = new CertificatePem(foobar.certificate(), shop.key());
    CertificatePem empty = new CertificatePem("", shop.key());
    assertThatThrownBy(() -> server(Map.of("good", foobar, "swapped", swapped, "empty", empty)))
        .isInstanceOfSatisfying(
            TlsConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(TlsProblem::message)
                    .containsExactlyInAnyOrder(
                        "the private key does not belong to the certificate",
                        "no certificate in the certificate file"));
  }

  @Test
  void aKeyThatBoringsslCannotUseIsFoundBeforeAClientComes() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    BigInteger wide = BigInteger.TWO.pow(40).add(BigInteger.valueOf(15)); // at most 33 bits there
    generator.initialize(new RSAKeyGenParameterSpec(2048, wide));
    CertificatePem odd =
        authority.issue(generator.generateKeyPair(), Instant.now(), "www.foobar.com");
    assertThatThrownBy(() -> server(Map.of("odd", odd)))
        .isInstanceOfSatisfying(
            TlsConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        new TlsProblem(
                            true,
                            "certificate \"odd\" cannot be used for TLS",
                            "BoringSSL refuses the key or the certificate")));
  }

  @Test
  void authoritiesWithoutACertificateAreAProblem() {
    assertThatThrownBy(() ->
            cache.server(
                new ServerTlsConfig(
                    Map.of("foobar", foobar),
                    ServerTlsConfig.UnknownName.DEFAULT,
                    TlsVersion.TLSv1_2,
                    List.of(),
                    new ClientAuthConfig(ClientAuthConfig.Mode.OPTIONAL, "nothing")),
                Instant.now()))
        .isInstanceOf(TlsConfigException.class)
        .hasMessage("no certificate in the client authorities");
    assertThatThrownBy(() ->
            cache.upstream(
                new UpstreamTlsConfig(null, "nothing", null, true, List.of()), Instant.now()))
        .hasMessage("no certificate in the authorities");
    assertThatThrownBy(() ->
            cache.upstream(
                new UpstreamTlsConfig(null, null, new CertificatePem("", ""), true, List.of()),
                Instant.now()))
        .isInstanceOfSatisfying(TlsConfigException.class, e -> assertThat(e.problems()).hasSize(2));
  }

  private static byte[] clientHello() throws Exception {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    client.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), hello);
    return Arrays.copyOf(hello.array(), hello.position());
  }

  private CertificateStore server(Map<String, CertificatePem> certificates)
      throws TlsConfigException {
    return cache.server(ServerTlsConfig.of(certificates), Instant.now());
  }
}
