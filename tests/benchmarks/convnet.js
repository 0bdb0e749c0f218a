// ConvNetJS's side of a case: reads one line of JSON that describes the work, then for each line with a number trains for
// so many seconds and prints epochs per second.
"use strict";
const convnetjs = require(process.argv[2]);
const lines = require("readline").createInterface({ input: process.stdin });

let epoch = null;

function prepare(work) {
  const layers = [{ type: "input", out_sx: 1, out_sy: 1, out_depth: 2 }];
  for (const width of work.hidden_layers) layers.push({ type: "fc", num_neurons: width, activation: "tanh" });
  layers.push({ type: "softmax", num_classes: 2 });
  const net = new convnetjs.Net();
  net.makeLayers(layers);
  const trainer = new convnetjs.Trainer(net, {
    method: "sgd", learning_rate: work.learning_rate, momentum: 0, l2_decay: 0, batch_size: work.batch_size,
  });
  const points = work.points.map((point) => new convnetjs.Vol(point));
  const order = points.map((_, index) => index);
  epoch = () => {
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(Math.random() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    for (const index of order) trainer.train(points[index], work.labels[index]);
  };
}

lines.on("line", (line) => {
  const message = JSON.parse(line);
  if (typeof message !== "number") return prepare(message);
  const started = process.hrtime.bigint();
  let epochs = 0, seconds = 0;
  while (seconds < message || epochs === 0) {
    epoch();
    epochs += 1;
    seconds = Number(process.hrtime.bigint() - started) / 1e9;
  }
  console.log(epochs / seconds);
});
