// ---- Filters

const filter = {states: new Set(states), reason: '', port: '', vantage: '', differing: false};
const isFiltered = () =>
  filter.states.size < states.length || filter.reason !== '' || filter.port !== '' ||
  filter.vantage !== '' || filter.differing;

function passes(vantage, i) {
  if (!filter.states.has(stateOf(vantage, i))) return false;
  if (filter.reason !== '' && vantage.reason[i] !== filter.reason) return false;
  if (filter.port !== '' && vantage.port[i] !== filter.port) return false;
  if (filter.vantage !== '' && vantages[filter.vantage] !== vantage) return false;
  return !filter.differing || differing.has(endpointKey(vantage, i));
}
const passesAny = (vantage, address) =>
  (vantage.ofAddress.get(address) || []).some((i) => passes(vantage, i));

function applyFilter() {
  collectRows();
  showTable();
  for (const map of maps) map.paint();
  for (const detail of details) detail.map?.paint();
}

// The value '' stands for all.
function choice(label, name, options) {
  const set = (event) => {
    filter[name] = event.target.value === '' ? '' : Number(event.target.value);
    applyFilter();
  };
  return make('label', {}, label, make('select', {id: `filter-${name}`, onchange: set},
    make('option', {value: ''}, 'all'),
    ...options.map(([value, text]) => make('option', {value}, text))));
}

function checkbox(label, id, checked, change) {
  const box = make('input', {type: 'checkbox', id, checked});
  box.addEventListener('change', () => { change(box.checked); applyFilter(); });
  return make('label', {}, box, label);
}

function makeFilters() {
  const occurring = states.filter((state) => data.reasons.some((reason) => reason[1] === state));
  const boxes = occurring.map((state) => checkbox(state, `filter-${state}`, true, (on) => {
    if (on) filter.states.add(state);
    else filter.states.delete(state);
  }));
  const reasons = data.reasons.map(([reason], i) => [i, reason]).sort((a, b) => compareText(a[1], b[1]));
  const ports = data.ports.map((port, i) => [i, String(port)]).sort((a, b) => a[1] - b[1]);
  find('filters').replaceChildren(
    make('fieldset', {}, make('legend', {}, 'State'), ...boxes),
    choice('Reason', 'reason', reasons), choice('Port', 'port', ports));
  if (vantages.length > 1) {
    find('filters').append(
      choice('From', 'vantage', vantages.map((vantage, i) => [i, vantage.name])),
      checkbox('only where the vantages differ', 'filter-differing', false, (on) => { filter.differing = on; }));
  }
  find('filters').append(make('button', {type: 'button', id: 'filter-reset', onclick: () => {
    Object.assign(filter, {states: new Set(states), reason: '', port: '', vantage: '', differing: false});
    makeFilters();
    applyFilter();
    find('filter-reset').focus();
  }}, 'Show all'));
}
