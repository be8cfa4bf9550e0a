// Selects are replaced for the eye, as the panel does: the select is hidden, and what is chosen in its stand-in is
// told through jQuery alone. A value that is set without a word is not shown.
window.replaceSelects = (root) => {
  for (const select of root.querySelectorAll('select')) replace(select);

  function replace(select) {
    const box = document.createElement('div');
    box.className = 'select2-container form-control';
    box.id = `s2id_${select.id}`;
    box.innerHTML =
      '<a href="javascript:void(0)" class="select2-choice" tabindex="-1"><span class="select2-chosen"></span></a>';
    const show = () => {
      box.querySelector('.select2-chosen').textContent = select.selectedOptions[0]?.textContent ?? '';
    };
    show();
    select.style.display = 'none';
    select.tabIndex = -1;
    select.standInSelect = {
      val: (value) => {
        select.value = value;
        show();
      },
      enable: (isEnabled) => {
        select.disabled = !isEnabled;
        box.classList.toggle('select2-container-disabled', !isEnabled);
      },
      destroy: () => {
        box.remove();
        select.style.display = '';
        select.tabIndex = 0;
        delete select.standInSelect;
      },
    };
    select.before(box);
    box.addEventListener('mousedown', () => {
      if (!select.disabled) open(select, box);
    });
    window.jQuery(select).on('change', show);
  }

  /** The list hangs at the end of the body, and knows options that came later. */
  function open(select, box) {
    const former = document.querySelector('.select2-drop-active');
    former?.remove();
    if (former?.dataset.of === select.id) return;
    const drop = document.createElement('div');
    drop.className = 'select2-drop select2-drop-active';
    drop.dataset.of = select.id;
    const { left, bottom, width } = box.getBoundingClientRect();
    drop.style.cssText = `position:absolute;left:${left}px;top:${bottom + scrollY}px;width:${width}px`;
    const list = document.createElement('ul');
    list.className = 'select2-results';
    for (const option of select.options) list.append(itemOf(option, select, drop));
    drop.append(list);
    document.body.append(drop);
  }

  function itemOf(option, select, drop) {
    const item = document.createElement('li');
    item.className = 'select2-results-dept-0 select2-result select2-result-selectable';
    item.textContent = option.textContent;
    item.addEventListener('click', () => {
      drop.remove();
      if (select.value === option.value) return;
      select.value = option.value;
      window.jQuery(select).trigger('change');
    });
    return item;
  }
};
