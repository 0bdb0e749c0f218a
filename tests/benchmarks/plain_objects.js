// An engine as one writes it by hand, in the manner of TensorFlow Playground's: units and links are objects, one example
// at a time goes through them, and derivatives add up until the weights change after a batch. The work is that of Marz:
// the same points, weights at the start, tanh, one sigmoid unit with cross-entropy, SGD by the mean over a batch, and a
// new order of the points each epoch. Not the same: numbers are double, since JavaScript has no others. An activation's
// derivative takes the unit's sum, as there, so that tanh is computed twice.
"use strict";
const { serve, shuffle } = require("./turns.js");

const TANH = {
  output: (x) => Math.tanh(x),
  der: (x) => {
    const output = Math.tanh(x);
    return 1 - output * output;
  },
};
const SIGMOID = { output: (x) => 1 / (1 + Math.exp(-x)) }; // in the last layer only, where its derivative is the loss's

class Link {
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.accumulatedDer = 0; // of the loss by the weight, since the last update
  }
}

class Node {
  constructor(activation, bias) {
    this.activation = activation;
    this.bias = bias;
    this.inputs = [];
    this.outputs = [];
    this.totalInput = 0;
    this.output = 0;
    this.inputDer = 0; // of the loss by the total input, for one example
    this.accumulatedDer = 0; // the same since the last update, which is that by the bias
  }

  listenTo(source, weight) {
    const link = new Link(source, this, weight);
    this.inputs.push(link);
    source.outputs.push(link);
  }

  forward() {
    let sum = this.bias;
    for (const link of this.inputs) sum += link.weight * link.source.output;
    this.totalInput = sum;
    this.output = this.activation.output(sum);
  }

  backward() {
    let outputDer = 0;
    for (const link of this.outputs) outputDer += link.weight * link.target.inputDer;
    this.accumulate(outputDer * this.activation.der(this.totalInput));
  }

  accumulate(inputDer) {
    this.inputDer = inputDer;
    this.accumulatedDer += inputDer;
    for (const link of this.inputs) link.accumulatedDer += inputDer * link.source.output;
  }

  update(rate) {
    this.bias -= rate * this.accumulatedDer;
    this.accumulatedDer = 0;
    for (const link of this.inputs) {
      link.weight -= rate * link.accumulatedDer;
      link.accumulatedDer = 0;
    }
  }
}

class Network {
  // `weights` has for each layer a matrix (inputs, units) and the biases.
  constructor(weights) {
    this.features = weights[0][0].map(() => new Node(null, 0));
    this.layers = [];
    let before = this.features;
    weights.forEach(([matrix, biases], index) => {
      const activation = index === weights.length - 1 ? SIGMOID : TANH;
      const layer = biases.map((bias) => new Node(activation, bias));
      layer.forEach((node, unit) => before.forEach((source, input) => node.listenTo(source, matrix[input][unit])));
      this.layers.push(layer);
      before = layer;
    });
    this.result = before[0];
  }

  weights() {
    return this.layers.map((layer) => [
      layer[0].inputs.map((_, input) => layer.map((node) => node.inputs[input].weight)),
      layer.map((node) => node.bias),
    ]);
  }

  // The probability of class 1.
  forward(point) {
    for (let index = 0; index < point.length; index++) this.features[index].output = point[index];
    for (const layer of this.layers) for (const node of layer) node.forward();
    return this.result.output;
  }

  backward(label) {
    this.result.accumulate(this.result.output - label); // sigmoid and cross-entropy in one, which cannot overflow
    for (let index = this.layers.length - 2; index >= 0; index--) {
      for (const node of this.layers[index]) node.backward();
    }
  }

  update(rate) {
    for (const layer of this.layers) for (const node of layer) node.update(rate);
  }
}

function trainer(network, work) {
  const examples = work.points.map((point, index) => ({ point, label: work.labels[index] }));
  const size = work.batch_size ?? examples.length;
  return () => {
    shuffle(examples);
    for (let first = 0; first < examples.length; first += size) {
      const batch = examples.slice(first, first + size);
      for (const { point, label } of batch) {
        network.forward(point);
        network.backward(label);
      }
      network.update(work.learning_rate / batch.length);
    }
  };
}

module.exports = { Network, trainer };
if (require.main === module) serve((work) => trainer(new Network(work.weights), work));
