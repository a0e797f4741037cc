// node client.js ADDRESS STORY [CA NAME]: makes the calls of a story and prints what came of them as lines.
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const { stories } = require('./service');

const [address, story, ca, name] = process.argv.slice(2);
const credentials = ca ? grpc.credentials.createSsl(fs.readFileSync(ca)) : grpc.credentials.createInsecure();
const Client = grpc.makeGenericClientConstructor(stories, 'weir.Stories');
const client = new Client(address, credentials, name ? { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name } : {});
const soon = () => ({ deadline: Date.now() + 30_000 });

const outcome = failed => `${grpc.status[failed.code]}: ${failed.details}`;
const unary = (method, request, options = soon()) => new Promise(resolve =>
  client[method](request, options, (failed, answer) => resolve({ failed, answer })));
const words = (call, more = () => {}) => new Promise(resolve => {
  const all = [];
  call.on('data', word => { all.push(word); more(all); });
  call.on('status', status => resolve({ all, status }));
  call.on('error', () => {}); // its status says it
});

const tell = {
  async kinds() {
    console.log((await unary('greet', 'foobar')).answer);
    console.log(await new Promise(resolve => {
      const call = client.join(soon(), (failed, answer) => resolve(failed ? outcome(failed) : answer));
      for (const word of ['one', 'two', 'three']) call.write(word);
      call.end();
    }));
    const counted = await words(client.count('3', soon()));
    console.log(`${counted.all.join(' ')}; ${counted.status.metadata.get('x-counted')}`);
    const chat = client.chat(soon());
    chat.write('a');
    const said = await words(chat, all => all.length < 3 ? chat.write('abc'[all.length]) : chat.end());
    console.log(`${said.all.join(' ')}; ${grpc.status[said.status.code]}`);
  },
  async greet() {
    const { failed, answer } = await unary('greet', 'foobar');
    console.log(failed ? outcome(failed) : answer);
    if (failed) console.log(`x-request-id ${String(failed.metadata.get('x-request-id')[0]).length}`);
  },
  async fail() {
    const { failed } = await unary('fail', 'please');
    console.log(outcome(failed));
    console.log(failed.metadata.get('x-why-bin')[0].toString('hex'));
  },
  async deadline() {
    const { failed } = await unary('wait', 'please', { deadline: Date.now() + 500 });
    console.log(grpc.status[failed.code]);
  },
  async wait() {
    console.log(outcome((await unary('wait', 'please')).failed));
  },
  async tick() {
    const call = client.tick(soon());
    call.write('60');
    const { all, status } = await words(call);
    console.log(`${all.length} ${grpc.status[status.code]}`);
  },
  async many() {
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => unary('greet', String(i))));
    console.log(answers.filter(({ answer }, i) => answer === `hello ${i}`).length);
    const big = 'x'.repeat(3_000_000);
    console.log((await unary('greet', big)).answer.length);
  },
};

tell[story]().then(() => client.close());
