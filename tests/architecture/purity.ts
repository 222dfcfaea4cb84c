/** The engine repeats exactly: no clock, no chance, no I/O. */
import { isBuiltin } from 'node:module';
import ts from 'typescript';
import { importsOf, lineOf, parse } from './imports';

const CALLS = /^(?:Date\.now|Math\.random|globalThis\.\w+)$/;
const GLOBALS = new Set([
  'process',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'console',
  'crypto',
  'performance',
  'localStorage',
  'sessionStorage',
]);

/** Sentences about what in this file reads a clock, rolls dice or touches the world. */
export function impurities(path: string, text: string): string[] {
  const file = parse(path, text);
  const found = importsOf(file)
    .filter(({ specifier }) => isBuiltin(specifier))
    .map(({ specifier, line }) => `${path}:${line}: ${specifier}`);
  const visit = (node: ts.Node): void => {
    const impure =
      (ts.isPropertyAccessExpression(node) && CALLS.test(node.getText(file))) ||
      (ts.isNewExpression(node) && isDate(node.expression) && (node.arguments?.length ?? 0) === 0) ||
      (ts.isCallExpression(node) && isDate(node.expression)) ||
      (ts.isIdentifier(node) && GLOBALS.has(node.text) && isReference(node));
    if (impure) {
      found.push(`${path}:${lineOf(file, node)}: ${node.getText(file)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isDate(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'Date';
}

/** A name that is read, not one that is declared or that belongs to another object. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return (ts.isPropertyAccessExpression(parent) ? parent.expression : parent.left) === node;
  }
  return !(
    ((ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent)) &&
      parent.name === node) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isTypeReferenceNode(parent)
  );
}
