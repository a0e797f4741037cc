package io.weir.core.exchange;

import io.weir.core.edit.HeaderEdits;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.ResponseHead;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.Quotas;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the heads and trailers that pass, and of the answers that no backend gives, what the
 * other side is to see. Of one worker; for its loop.
 */
final class PassingHeads {
  private final Worker worker;
  private final ExchangeValues values = new ExchangeValues();

  PassingHeads(Worker worker) {
    this.worker = worker;
  }

  /** What a backend is to see beside what the client sent. */
  void request(Exchange exchange) {
    Snapshot snapshot = exchange.snapshot();
    Fields fields = exchange.head().fields();
    if (!exchange.connection().isTrusted()) {
      ClientHeader.withholdFrom(fields, snapshot.clientHeader());
    }
    exchange.ids().write(fields, snapshot.tracing(), worker.random());
    HeaderEdits edits = exchange.route().edits().request();
    if (edits != HeaderEdits.NONE) {
      edits.apply(fields, values.of(exchange));
      exchange.head().settle(edits.settled());
    }
  }

  /** The same for what the client sent behind the body. */
  void requestTrailers(Exchange exchange, @Nullable Fields trailers) {
    if (trailers != null && !exchange.connection().isTrusted()) {
      ClientHeader.withholdFrom(trailers, exchange.snapshot().clientHeader());
    }
    edit(trailers, exchange.route().edits().request());
  }

  /** What a client is to see beside what the backend sent. */
  void response(Exchange exchange, ResponseHead response, @Nullable Quotas quotas) {
    QuotaFields.add(response.fields(), quotas);
    HeaderEdits edits = exchange.route().edits().response();
    if (edits != HeaderEdits.NONE) {
      edits.apply(response.fields(), values.of(exchange));
    }
  }

  /** The same for what the backend sent behind the body. */
  void responseTrailers(Exchange exchange, @Nullable Fields trailers) {
    edit(trailers, exchange.route().edits().response());
  }

  private static void edit(@Nullable Fields trailers, HeaderEdits edits) {
    if (trailers != null && edits != HeaderEdits.NONE) {
      edits.applyToTrailers(trailers);
    }
  }

  /** What a client is to see of an answer that no backend gave. */
  LocalResponse own(Exchange exchange, LocalResponse answer, HeaderEdits edits) {
    return edits == HeaderEdits.NONE ? answer : edits.apply(answer, values.of(exchange));
  }
}
