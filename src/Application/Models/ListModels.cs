using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Models;

/// <summary>Every model that a configured provider serves, with today's price; retired ones come last.</summary>
public sealed record ListModels : IRequest<IReadOnlyList<ServedModel>>;

/// <summary>A model as one provider serves it.</summary>
/// <param name="Provider">The provider's name here.</param>
/// <param name="Model">The model of the price book.</param>
/// <param name="Price">Its price today.</param>
/// <param name="IsRetired">Whether it is switched off today.</param>
public sealed record ServedModel(string Provider, PricedModel Model, ModelPrice Price, bool IsRetired);

internal sealed class ListModelsHandler(IProviderDirectory providers, IPriceBook prices, TimeProvider time)
    : IRequestHandler<ListModels, IReadOnlyList<ServedModel>>
{
    public Task<IReadOnlyList<ServedModel>> Handle(ListModels query, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var served =
            from adapter in providers.Current.Adapters
            from name in prices.Models.Select(model => model.Model).Distinct()
            let model = adapter.FindModel(name)
            where model is not null
            orderby model.IsRetiredOn(today)
            select new ServedModel(adapter.Name, model, model.PriceOn(today), model.IsRetiredOn(today));
        return Task.FromResult<IReadOnlyList<ServedModel>>([.. served]);
    }
}
