package io.weir.tls;

import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key manager of a context that has one certificate: whatever is asked, it is that one.
 *
 * <p>The JDK's own looks through its aliases and checks each certificate anew on every handshake,
 * and finds none for Ed25519 when BoringSSL asks in terms of RSA and EC. BoringSSL itself knows
 * whether the key suits what the peer offered. Not for the JDK provider, which believes the answer.
 */
final class OneKeyManager extends X509ExtendedKeyManager {

  private static final String ALIAS = "key";

  private final X509Certificate[] chain;
  private final PrivateKey key;

  private OneKeyManager(LoadedCertificate certificate) {
    chain = certificate.chain().toArray(X509Certificate[]::new);
    key = certificate.key();
  }

  /**
   * In a factory of no special kind: Netty keeps the native form of a key that its manager gives
   * again and again, and frees it with the context. With Netty's caching factory, handshakes that
   * are the first at the same time keep the key in memory for good.
   *
   * @throws IllegalArgumentException if BoringSSL cannot use the pair, which would otherwise show
   *     only when a client comes
   */
  static KeyManagerFactory factory(LoadedCertificate certificate) {
    OneKeyManager manager = new OneKeyManager(certificate);
    try {
      OpenSslCredentialBuilder.forX509(manager.key, manager.chain).build().release();
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("BoringSSL refuses the key or the certificate", e);
    }
    return new Factory(manager);
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  private static final class Factory extends SimpleKeyManagerFactory {
    private final KeyManager manager;

    Factory(KeyManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(@Nullable KeyStore keyStore, char @Nullable [] password) {}

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {}

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }
}
