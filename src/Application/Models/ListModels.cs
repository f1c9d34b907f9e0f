using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Models;

/// <summary>
/// Every route, and every model that a configured provider serves, with today's price; retired ones come last. A route has
/// the capabilities and the price of its first target. Models that the caller may not use are left out.
/// </summary>
public sealed record ListModels(ModelAccess Allowed) : IRequest<IReadOnlyList<ServedModel>>;

/// <summary>A model as one provider serves it.</summary>
/// <param name="Provider">The provider's name here.</param>
/// <param name="Model">The model of the price book.</param>
/// <param name="Price">Its price today.</param>
/// <param name="IsRetired">Whether it is switched off today.</param>
public sealed record ServedModel(string Provider, PricedModel Model, ModelPrice Price, bool IsRetired);

internal sealed class ListModelsHandler(IProviderDirectory providers, SwitchBoard switches, IPriceBook prices, TimeProvider time)
    : IRequestHandler<ListModels, IReadOnlyList<ServedModel>>
{
    public Task<IReadOnlyList<ServedModel>> Handle(ListModels query, CancellationToken cancellationToken)
    {
        var set = providers.Current;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var routed =
            from route in set.Routes.Values
            let first = FirstOf(set, route)
            where first is not null
            orderby route.Model
            select first with { Model = first.Model with { Model = route.Model } };
        var served =
            from adapter in set.Adapters
            from name in prices.Models.Select(model => model.Model).Distinct()
            let model = adapter.FindModel(name)
            where model is not null && query.Allowed.Allows(model.Model) && !switches.IsOff(adapter.Name, name)
            orderby model.IsRetiredOn(today)
            select new ServedModel(adapter.Name, model, model.PriceOn(today), model.IsRetiredOn(today));
        return Task.FromResult<IReadOnlyList<ServedModel>>([.. routed, .. served]);

        ServedModel? FirstOf(ProviderSet all, ModelRoute route) => (
            from target in route.Groups.SelectMany(each => each.Targets)
            let model = all.Find(target.Provider)?.FindModel(target.Model)
            where model is not null && query.Allowed.Allows(model.Model) && !model.IsRetiredOn(today) && !switches.IsOff(target.Provider, target.Model)
            select new ServedModel(target.Provider, model, model.PriceOn(today), IsRetired: false)).FirstOrDefault();
    }
}
