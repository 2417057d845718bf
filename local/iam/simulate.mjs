// Evaluates IAM requests, one JSON object a line: the policies first, then the requests; answers a line for each request.
// The only JavaScript here, because the evaluator is a Node library.
import { createInterface } from "node:readline";
import { createValidatedPolicy, validateIdentityPolicy } from "@cloud-copilot/iam-policy";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]();
// Validated once: the library would do it again for every request.
const identityPolicies = JSON.parse((await lines.next()).value).map(({ name, policy }) => ({
  name,
  policy: createValidatedPolicy(policy, validateIdentityPolicy),
}));

const listed = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function unmet(condition) {
  const wanted = listed(condition.values).map((entry) => entry.value);
  const found = condition.failedBecauseMissing ? "absent" : JSON.stringify(condition.resolvedConditionKeyValue ?? condition.unmatchedValues);
  return `${condition.conditionKeyValue} is ${found}, ${condition.operator} wants ${wanted.join(" or ")}`;
}

function reason(explain) {
  const parts = explain.resourceMatch ? [] : [`its resources are ${listed(explain.resources).map((entry) => entry.resource).join(", ")}`];
  return parts.concat(listed(explain.conditions).filter((condition) => !condition.matches).map(unmet)).join("; ");
}

const statement = (analysis) => ({ policy: analysis.policyId, sid: analysis.explain.identifier, because: analysis.explain.matches ? "" : reason(analysis.explain) });

function decision(answer) {
  if (answer.resultType === "error") return { error: answer.errors };
  const result = answer.resultType === "single" ? answer.result : answer.results[0];
  const identity = result?.analysis.identityAnalysis;
  const all = identity ? [...identity.allowStatements, ...identity.denyStatements, ...identity.unmatchedStatements] : [];
  return {
    outcome: answer.overallResult,
    by: (answer.overallResult === "ExplicitlyDenied" ? identity?.denyStatements : identity?.allowStatements ?? [])?.map(statement) ?? [],
    nearly: all.filter((entry) => entry.actionMatch && !entry.explain.matches).map(statement),
    resourceType: result?.resourceType ?? "",
    ignored: result?.ignoredContextKeys ?? [],
  };
}

// KMS asks the key's own policy first, and those of ours say what KMS's default says: IAM decides, for principals of the key's account.
function keyPolicy(action, resource, account) {
  if (!action.startsWith("kms:")) return {};
  const root = `${resource.split(":").slice(0, 2).join(":")}:iam::${account}:root`;
  const statement = { Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" };
  return { resourcePolicy: { Version: "2012-10-17", Statement: [statement] } };
}

for await (const line of lines) {
  const { action, resource, account, principal, context } = JSON.parse(line);
  const request = { action, principal, resource: { resource, accountId: account }, contextVariables: context };
  const others = { serviceControlPolicies: [], resourceControlPolicies: [], ...keyPolicy(action, resource, account) };
  const answer = await runSimulation({ request, identityPolicies, ...others }, {});
  process.stdout.write(JSON.stringify(decision(answer)) + "\n");
}
