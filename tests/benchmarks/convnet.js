// ConvNetJS's side of a case; the package is the argument.
"use strict";
const convnetjs = require(process.argv[2]);
const { serve, shuffle } = require("./turns.js");

serve((work) => {
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
  return () => {
    shuffle(order);
    for (const index of order) trainer.train(points[index], work.labels[index]);
  };
});
