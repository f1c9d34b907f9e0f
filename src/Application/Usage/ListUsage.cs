using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>A user's usage records, newest first.</summary>
public sealed record ListUsage(
    Guid UserId, DateTimeOffset? From, DateTimeOffset? To, string? Model, string? Cursor, int Limit)
    : IRequest<Page<UsageRecord, string>>, IReadsTheBooks;

internal sealed class ListUsageValidator : AbstractValidator<ListUsage>
{
    public ListUsageValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.Model).IsName(Generation.GenerateValidator.MaxNameLength);
        RuleFor(query => query.Cursor)
            .Must(cursor => cursor is null || UsageCursor.TryParse(cursor, out _))
            .WithMessage("is not a cursor that this endpoint returned")
            .OverridePropertyName("next");
        RuleFor(query => query.To).GreaterThan(query => query.From).WithMessage("must be after from").When(query => query.From is not null);
    }
}

internal sealed class ListUsageHandler(IUsageReports reports) : IRequestHandler<ListUsage, Page<UsageRecord, string>>
{
    public async Task<Page<UsageRecord, string>> Handle(ListUsage query, CancellationToken cancellationToken)
    {
        var before = UsageCursor.TryParse(query.Cursor, out var cursor) ? cursor : null;
        var filter = new UsageFilter
        {
            UserId = query.UserId,
            From = query.From,
            To = query.To,
            Model = query.Model,
            Before = before,
            Limit = query.Limit + 1,
        };
        var records = await reports.ListAsync(filter, cancellationToken);
        return Page.Of(records, query.Limit, record => new UsageCursor(record.CreatedAt, record.Id).ToString());
    }
}
