using AiGateway.Application.Ledger;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>A user's usage records, newest first.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Records">Which of the user's records.</param>
/// <param name="Cursor">The end of the previous page; null: the first page.</param>
/// <param name="Limit">Records a page, 1 to 200.</param>
public sealed record ListUsage(Guid UserId, UsageSelection Records, string? Cursor, int Limit) : IRequest<Page<UsageRecord, string>>, IReadsLedger;

internal sealed class ListUsageValidator : AbstractValidator<ListUsage>
{
    public ListUsageValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.Cursor).IsUsageCursor().OverridePropertyName("next");
        RuleFor(query => query.Records).SetValidator(new UsageSelectionValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class ListUsageHandler(IUsageReports reports) : IRequestHandler<ListUsage, Page<UsageRecord, string>>
{
    public Task<Page<UsageRecord, string>> Handle(ListUsage query, CancellationToken cancellationToken) =>
        reports.ReadPageAsync(query.Records with { UserId = query.UserId }, query.Cursor, query.Limit, cancellationToken);
}
