namespace AiGateway.Application.Usage;

/// <summary>Sums of the usage records of one group; released records are left out.</summary>
/// <param name="Group">The group's value, as <see cref="UsageGrouping"/> says.</param>
/// <param name="Requests">Records held, settled or expired.</param>
/// <param name="PromptTokens">Input tokens of settled and expired records.</param>
/// <param name="CompletionTokens">Output tokens of settled and expired records.</param>
/// <param name="CostNanoUsd">Cost of settled and expired records, in nano-dollars.</param>
/// <param name="HeldNanoUsd">Maximum cost of held records, in nano-dollars.</param>
public sealed record UsageSum(
    string Group, long Requests, long PromptTokens, long CompletionTokens, long CostNanoUsd, long HeldNanoUsd);
