using AiGateway.Application.Ledger;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Sums of the usage records of all users, largest cost first.</summary>
public sealed record SumUsage(UsageGrouping Grouping, DateTimeOffset? From, DateTimeOffset? To)
    : IRequest<IReadOnlyList<UsageSum>>, IReadsLedger;

internal sealed class SumUsageValidator : AbstractValidator<SumUsage>
{
    public SumUsageValidator()
    {
        RuleFor(query => query.Grouping).IsInEnum().WithMessage("must be one of user, model, provider, key, day").OverridePropertyName("groupBy");
        RuleFor(query => query.To).GreaterThan(query => query.From).WithMessage("must be after from").When(query => query.From is not null);
    }
}

internal sealed class SumUsageHandler(IUsageReports reports) : IRequestHandler<SumUsage, IReadOnlyList<UsageSum>>
{
    public Task<IReadOnlyList<UsageSum>> Handle(SumUsage query, CancellationToken cancellationToken) =>
        reports.SumAsync(query.Grouping, query.From, query.To, cancellationToken);
}

/// <summary>The property by which usage records are summed. The numbers are stored.</summary>
public enum UsageGrouping
{
    /// <summary>The user; the group is the user's id.</summary>
    User = 0,

    /// <summary>The model that answered.</summary>
    Model = 1,

    /// <summary>The provider that answered.</summary>
    Provider = 2,

    /// <summary>The API key; the group is the key's id, empty for JWT callers.</summary>
    Key = 3,

    /// <summary>The UTC day, as yyyy-MM-dd.</summary>
    Day = 4,
}

/// <summary>Sums of the usage records of one group; released records are left out.</summary>
/// <param name="Group">The group's value, as <see cref="UsageGrouping"/> says.</param>
/// <param name="Requests">Records held, settled or expired.</param>
/// <param name="PromptTokens">Input tokens of settled and expired records.</param>
/// <param name="CompletionTokens">Output tokens of settled and expired records.</param>
/// <param name="CostNanoUsd">Cost of settled and expired records, in nano-dollars.</param>
/// <param name="HeldNanoUsd">Maximum cost of held records, in nano-dollars.</param>
public sealed record UsageSum(
    string Group, long Requests, long PromptTokens, long CompletionTokens, long CostNanoUsd, long HeldNanoUsd);
