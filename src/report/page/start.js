// ---- The beginning

function makeThemeSwitch() {
  const themes = ['as the system', 'light', 'dark'];
  let theme = 0;
  const button = make('button', {type: 'button', id: 'theme', onclick: () => {
    theme = (theme + 1) % themes.length;
    if (theme === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = themes[theme];
    button.textContent = `Colours: ${themes[theme]}`;
  }}, `Colours: ${themes[0]}`);
  find('page-tools').append(button);
}

makeThemeSwitch();
for (const table of document.querySelectorAll('table.sortable')) makeSortable(table);
if (blocks.length > 0) {
  find('interactive').hidden = false;
  makeMapTools();
  makeFilters();
  collectRows();
  showTable();
  select(firstOf(blocks[0]));
  narrow.addEventListener('change', () => showBlock(shownBlock));
}
