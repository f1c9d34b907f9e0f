using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Sums of the usage records of all users, largest cost first.</summary>
public sealed record SumUsage(UsageGrouping Grouping, DateTimeOffset? From, DateTimeOffset? To)
    : IRequest<IReadOnlyList<UsageSum>>, IReadsTheBooks;

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
