using AiGateway.Application.Providers;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Pricing;

/// <summary>The prices in force today, by seller and model. A filter that is null takes all.</summary>
/// <param name="Provider">Only of this seller of the price book.</param>
/// <param name="Model">Only models whose name contains this text, in any case.</param>
/// <param name="StaleAfterDays">Days after which an unconfirmed price counts as stale, 1 to 3650.</param>
/// <param name="After">The last row of the previous page, as <c>provider/model</c>.</param>
/// <param name="Limit">Rows a page, 1 to 200.</param>
public sealed record ListPrices(string? Provider, string? Model, int StaleAfterDays, string? After, int Limit) : IRequest<Page<PriceRow, string?>>;

/// <summary>A price in force.</summary>
/// <param name="Provider">The seller in the price book; of a model without a price, the provider that should serve it.</param>
/// <param name="Model">The model.</param>
/// <param name="Priced">Its entry; null: it has no price.</param>
/// <param name="Price">The price today; null: it has no price.</param>
/// <param name="ConfirmedOn">The day on which the price was last known to be right; null: it has no price.</param>
/// <param name="Warnings">What an operator should look at.</param>
public sealed record PriceRow(
    string Provider, string Model, PricedModel? Priced, ModelPrice? Price, DateOnly? ConfirmedOn, IReadOnlyList<PriceWarning> Warnings)
{
    internal string Key => $"{Provider}/{Model}";
}

/// <summary>What an operator should look at.</summary>
public enum PriceWarning
{
    /// <summary>The provider no longer serves the model.</summary>
    Retired,

    /// <summary>The default model or a route names the model, and it has no price: its requests are refused.</summary>
    Unpriced,

    /// <summary>The price was not compared with its source for long.</summary>
    Stale,
}

internal sealed class ListPricesValidator : AbstractValidator<ListPrices>
{
    public ListPricesValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.StaleAfterDays).InclusiveBetween(1, 3650).WithMessage("must be between 1 and 3650");
        RuleFor(query => query.Provider).IsName(StorableText.NameLength);
        RuleFor(query => query.Model).IsName(StorableText.NameLength);
    }
}

internal sealed class ListPricesHandler(IPriceBook prices, IProviderDirectory providers, GatewayDefaults defaults, TimeProvider time)
    : IRequestHandler<ListPrices, Page<PriceRow, string?>>
{
    // The default model has no provider of its own.
    private const string Any = "any";

    public Task<Page<PriceRow, string?>> Handle(ListPrices query, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var rows =
            from row in prices.Models.Select(model => ToRow(model, today, query.StaleAfterDays)).Concat(Unpriced())
            where query.Provider is null || row.Provider == query.Provider
            where query.Model is null || row.Model.Contains(query.Model, StringComparison.OrdinalIgnoreCase)
            where query.After is null || string.CompareOrdinal(row.Key, query.After) > 0
            select row;
        PriceRow[] read = [.. rows.OrderBy(row => row.Key, StringComparer.Ordinal).Take(query.Limit + 1)];
        return Task.FromResult(Page.Of(read, query.Limit, row => (string?)row.Key));
    }

    private PriceRow ToRow(PricedModel model, DateOnly today, int staleAfterDays)
    {
        var price = model.PriceOn(today);
        var confirmed = prices.CheckedOn is { } day && day > price.EffectiveFrom ? day : price.EffectiveFrom;
        var warnings = new List<PriceWarning>();
        if (model.IsRetiredOn(today)) warnings.Add(PriceWarning.Retired);
        if (today.DayNumber - confirmed.DayNumber > staleAfterDays) warnings.Add(PriceWarning.Stale);
        return new PriceRow(model.Provider, model.Model, model, price, confirmed, warnings);
    }

    private IEnumerable<PriceRow> Unpriced()
    {
        var set = providers.Current;
        var targets =
            from route in set.Routes.Values
            from target in route.Groups.SelectMany(each => each.Targets)
            where set.Find(target.Provider)?.FindModel(target.Model) is null
            select (target.Provider, target.Model);
        if (!set.Routes.ContainsKey(defaults.Model) && set.Adapters.All(adapter => adapter.FindModel(defaults.Model) is null))
            targets = targets.Append((Any, defaults.Model));
        return targets.Distinct().Select(each => new PriceRow(each.Provider, each.Model, null, null, null, [PriceWarning.Unpriced]));
    }
}
