using AiGateway.Application.Ledger;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>A user's usage records, newest first.</summary>
public sealed record ListUsage(
    Guid UserId, DateTimeOffset? From, DateTimeOffset? To, string? Model, string? Cursor, int Limit)
    : IRequest<Page<UsageRecord, string>>, IReadsLedger;

internal sealed class ListUsageValidator : AbstractValidator<ListUsage>
{
    public ListUsageValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.Model).IsName(StorableText.NameLength);
        RuleFor(query => query.Cursor).IsUsageCursor().OverridePropertyName("next");
        RuleFor(query => query.To).GreaterThan(query => query.From).WithMessage("must be after from").When(query => query.From is not null);
    }
}

internal sealed class ListUsageHandler(IUsageReports reports) : IRequestHandler<ListUsage, Page<UsageRecord, string>>
{
    public Task<Page<UsageRecord, string>> Handle(ListUsage query, CancellationToken cancellationToken)
    {
        var records = new UsageSelection { UserId = query.UserId, From = query.From, To = query.To, Model = query.Model };
        return reports.ReadPageAsync(records, query.Cursor, query.Limit, cancellationToken);
    }
}
