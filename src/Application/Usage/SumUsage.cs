using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Sums of the usage records of all users, largest cost first.</summary>
/// <param name="By">The administrator.</param>
/// <param name="GroupBy">Names of groupings, separated by commas.</param>
/// <param name="Records">The records.</param>
public sealed record SumUsage(Actor By, string? GroupBy, UsageSelection Records) : IRequest<UsageReport>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];

    /// <summary>What to sum; for an administrator of a team what was charged to it.</summary>
    internal UsageSelection Selection => Records with { Reach = By.Reach };
}

/// <summary>Sums of usage records.</summary>
/// <param name="Groupings">What the groups are.</param>
/// <param name="Sums">The groups, largest cost first.</param>
public sealed record UsageReport(IReadOnlyList<UsageGrouping> Groupings, IReadOnlyList<UsageSum> Sums);

internal sealed class SumUsageValidator : AbstractValidator<SumUsage>
{
    /// <summary>Such a report reads the records themselves.</summary>
    private const int MostDays = 93;

    public SumUsageValidator(TimeProvider time)
    {
        RuleFor(query => query.GroupBy).Must(text => UsageGroupings.TryParse(text, out _))
            .WithMessage($"must be one to {UsageGroupings.Most} of {string.Join(", ", UsageGroupings.Names)}, separated by commas");
        RuleFor(query => query.Records).SetValidator(new UsageSelectionValidator()).OverridePropertyName(string.Empty);
        RuleFor(query => query.Records.From)
            .Must((query, from) => from is { } start && (query.Records.To ?? time.GetUtcNow()) - start <= TimeSpan.FromDays(MostDays))
            .When(ReadsRecords)
            .WithMessage($"must be at most {MostDays} days before to, because a report by several groups, by another group than user, model, provider, key and day, or of a part of the usage reads every record")
            .OverridePropertyName("from");
    }

    private static bool ReadsRecords(SumUsage query) =>
        UsageGroupings.TryParse(query.GroupBy, out var groupings) && !query.Selection.IsSummedByDay(groupings);
}

internal sealed class SumUsageHandler(IUsageReports reports) : IRequestHandler<SumUsage, UsageReport>
{
    public async Task<UsageReport> Handle(SumUsage query, CancellationToken cancellationToken)
    {
        if (!UsageGroupings.TryParse(query.GroupBy, out var groupings)) throw new InvalidOperationException("The validator refuses such groupings.");
        return new(groupings, await reports.SumAsync(groupings, query.Selection, cancellationToken));
    }
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

    /// <summary>The organisation that was charged; the group is its id, empty for none.</summary>
    Organisation = 5,

    /// <summary>The team that was charged; the group is its id, empty for none.</summary>
    Team = 6,

    /// <summary>The project that was charged; the group is its id, empty for none.</summary>
    Project = 7,

    /// <summary>The end user that the caller named, empty for none.</summary>
    EndUser = 8,

    /// <summary>A tag that the key has now; a record counts in the group of each, and in the empty one when there is none.</summary>
    Tag = 9,
}

/// <summary>Sums of the usage records of one group; released records count among the errors alone.</summary>
/// <param name="Group">The group's value, as <see cref="UsageGrouping"/> says.</param>
/// <param name="Requests">Records held, settled or expired.</param>
/// <param name="PromptTokens">Input tokens of settled and expired records.</param>
/// <param name="CompletionTokens">Output tokens of settled and expired records.</param>
/// <param name="CostNanoUsd">Cost of settled and expired records, in nano-dollars.</param>
/// <param name="HeldNanoUsd">Maximum cost of held records, in nano-dollars.</param>
public sealed record UsageSum(
    string Group, long Requests, long PromptTokens, long CompletionTokens, long CostNanoUsd, long HeldNanoUsd)
{
    /// <summary>The group's values of the further groupings, in their order.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>How the requests ended; null: the sums of a day were kept by a version that did not count it.</summary>
    public UsageOutcomes? Outcomes { get; init; } = default(UsageOutcomes);
}

/// <summary>How requests ended.</summary>
/// <param name="Errors">Requests that failed or whose outcome is unknown, released ones included; not those that their caller left.</param>
/// <param name="Answered">Requests that ended without an error.</param>
/// <param name="LatencyMs">The time of those from arrival to end, added up, in milliseconds.</param>
public readonly record struct UsageOutcomes(long Errors, long Answered, long LatencyMs)
{
    /// <summary>The mean time of a request that ended without an error, in milliseconds; null: there is none.</summary>
    public double? MeanLatencyMs => Answered == 0 ? null : Math.Round((double)LatencyMs / Answered, 1);

    /// <summary>The outcomes of both.</summary>
    public static UsageOutcomes operator +(UsageOutcomes one, UsageOutcomes other) => checked(new(
        one.Errors + other.Errors, one.Answered + other.Answered, one.LatencyMs + other.LatencyMs));
}
