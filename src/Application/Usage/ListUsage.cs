using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

/// <summary>Which usage records to read.</summary>
public sealed record UsageFilter
{
    /// <summary>Only records of this user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Answered by this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only records older than this one: the end of the previous page.</summary>
    public UsageCursor? Before { get; init; }

    /// <summary>Most records to return.</summary>
    public required int Limit { get; init; }
}

/// <summary>The last record of a page. Records are ordered by time, then by id.</summary>
public sealed record UsageCursor(DateTimeOffset CreatedAt, Guid Id)
{
    private const char Separator = '-';

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UsageCursor? cursor)
    {
        cursor = null;
        if (text?.IndexOf(Separator, StringComparison.Ordinal) is not ({ } at and > 0)) return false;
        if (!long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return false;
        if (!Guid.TryParseExact(text.AsSpan(at + 1), "N", out var id)) return false;
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        cursor = new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CreatedAt.ToUnixTimeMilliseconds()}{Separator}{Id:N}";
}
