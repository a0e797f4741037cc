// node server.js ADDRESS [KEY CERTIFICATE]: serves the calls of the stories, and their health.
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const { stories, health } = require('./service');

const SERVING = 1, NOT_SERVING = 2;
const [address, key, certificate] = process.argv.slice(2);

const server = new grpc.Server();
server.addService(stories, {
  greet: (call, done) => done(null, `hello ${call.request}`),
  join: (call, done) => {
    const all = [];
    call.on('data', word => all.push(word));
    call.on('end', () => done(null, all.join(' ')));
  },
  count: call => {
    for (let i = 1; i <= Number(call.request); i++) call.write(String(i));
    const trailers = new grpc.Metadata();
    trailers.set('x-counted', call.request);
    call.end(trailers);
  },
  chat: call => {
    call.on('data', word => call.write(word.toUpperCase()));
    call.on('end', () => call.end());
  },
  fail: (call, done) => {
    const trailers = new grpc.Metadata();
    trailers.set('x-why-bin', Buffer.from([0, 255, 7]));
    done({ code: grpc.status.INVALID_ARGUMENT, details: 'nö: 100 %', metadata: trailers });
  },
  wait: call => {
    const left = call.getDeadline() - Date.now();
    console.log(left < 1_000 ? 'waiting for less than a second' : 'waiting');
    call.on('cancelled', () => console.log('cancelled'));
  },
  // Speaks every 50 ms, as often as the first word says, to a client that says no more.
  tick: call => {
    call.once('data', times => {
      let left = Number(times);
      const timer = setInterval(() => {
        call.write('tick');
        if (--left === 0) { clearInterval(timer); call.end(); }
      }, 50);
      call.on('cancelled', () => clearInterval(timer));
    });
  },
});
server.addService(health, {
  check: (call, done) => {
    const service = call.request.length > 2 ? call.request.subarray(2).toString() : '';
    if (service === 'unknown') done({ code: grpc.status.NOT_FOUND });
    else done(null, Buffer.from([8, service === 'down' ? NOT_SERVING : SERVING]));
  },
});

const credentials = key
  ? grpc.ServerCredentials.createSsl(null, [{ private_key: fs.readFileSync(key), cert_chain: fs.readFileSync(certificate) }])
  : grpc.ServerCredentials.createInsecure();
server.bindAsync(address, credentials, failed => {
  if (failed) { console.log(failed.message); process.exit(1); }
});
