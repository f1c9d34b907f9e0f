using System.Runtime.CompilerServices;
using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Usage records of all users, newest first: one page, or all at once.</summary>
/// <param name="By">The administrator.</param>
/// <param name="Records">The records.</param>
public sealed record ListAllUsage(Actor By, UsageSelection Records) : IRequest<UsageListing>, IReadsLedger, IWithinTeam
{
    /// <summary>Records of a page without a limit of its own.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Most records that are read at once.</summary>
    public const int MostRecords = 100_000;

    /// <summary>The end of the previous page; null: the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Records a page, 1 to 200; null: <see cref="DefaultLimit"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether all records are read, at most <see cref="MostRecords"/>, in place of a page.</summary>
    public bool All { get; init; }

    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

/// <summary>Usage records: one of the two.</summary>
/// <param name="Page">A page.</param>
/// <param name="All">All records, read as they are asked for.</param>
public sealed record UsageListing(Page<UsageRecord, string>? Page, IAsyncEnumerable<UsageRecord>? All);

internal sealed class ListAllUsageValidator : AbstractValidator<ListAllUsage>
{
    private const string OfPages = "belongs to pages of json; a file has all selected records";

    public ListAllUsageValidator()
    {
        RuleFor(query => query.Limit ?? ListAllUsage.DefaultLimit).IsPageSize().OverridePropertyName("limit");
        RuleFor(query => query.Cursor).IsUsageCursor().OverridePropertyName("next");
        RuleFor(query => query.Limit).Null().When(query => query.All).WithMessage(OfPages);
        RuleFor(query => query.Cursor).Null().When(query => query.All).WithMessage(OfPages).OverridePropertyName("next");
        RuleFor(query => query.Records).SetValidator(new UsageSelectionValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class ListAllUsageHandler(IUsageReports reports, TimeProvider time) : IRequestHandler<ListAllUsage, UsageListing>
{
    private const int RecordsAtOnce = 1000;

    public async Task<UsageListing> Handle(ListAllUsage query, CancellationToken cancellationToken)
    {
        var records = query.Records with { Reach = query.By.Reach };
        return query.All
            ? new UsageListing(null, await ReadAllAsync(records, cancellationToken))
            : new UsageListing(await reports.ReadPageAsync(records, query.Cursor, query.Limit ?? ListAllUsage.DefaultLimit, cancellationToken), null);
    }

    private async Task<IAsyncEnumerable<UsageRecord>> ReadAllAsync(UsageSelection selection, CancellationToken cancellationToken)
    {
        // Requests that come meanwhile are left out, so the read ends.
        var records = selection with { To = selection.To ?? time.GetUtcNow() };
        return await reports.CountAsync(records, ListAllUsage.MostRecords + 1, cancellationToken) <= ListAllUsage.MostRecords
            ? ReadAsync(records, cancellationToken)
            : throw new InvalidRequestException("from", $"selects more than {ListAllUsage.MostRecords} records; select a shorter period, or less");
    }

    private async IAsyncEnumerable<UsageRecord> ReadAsync(UsageSelection records, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        UsageCursor? before = null;
        IReadOnlyList<UsageRecord> page;
        do
        {
            page = await reports.ListAsync(new UsageFilter(records, before, RecordsAtOnce), cancellationToken);
            foreach (var record in page) yield return record;
            if (page is [.., var last]) before = new UsageCursor(last.CreatedAt, last.Id);
        }
        while (page.Count == RecordsAtOnce);
    }
}
