using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Usage records of all users, newest first.</summary>
/// <param name="By">The administrator.</param>
/// <param name="Records">The records.</param>
/// <param name="Cursor">The end of the previous page; null: the first page.</param>
/// <param name="Limit">Records a page, 1 to 200.</param>
public sealed record ListAllUsage(Actor By, UsageSelection Records, string? Cursor, int Limit)
    : IRequest<Page<UsageRecord, string>>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

internal sealed class ListAllUsageValidator : AbstractValidator<ListAllUsage>
{
    public ListAllUsageValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.Cursor).IsUsageCursor().OverridePropertyName("next");
        RuleFor(query => query.Records).SetValidator(new UsageSelectionValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class ListAllUsageHandler(IUsageReports reports) : IRequestHandler<ListAllUsage, Page<UsageRecord, string>>
{
    public Task<Page<UsageRecord, string>> Handle(ListAllUsage query, CancellationToken cancellationToken) =>
        reports.ReadPageAsync(query.Records with { Reach = query.By.Reach }, query.Cursor, query.Limit, cancellationToken);
}
